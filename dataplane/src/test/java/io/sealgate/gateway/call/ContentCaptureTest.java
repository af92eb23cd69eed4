package io.sealgate.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.testkit.RunningGateway;
import io.sealgate.gateway.testkit.Until;
import io.sealgate.log.JcsReader;
import io.sealgate.log.verify.VerifyReport;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts and answers that policies want kept, through the whole product. */
final class ContentCaptureTest {
  private static final String KEEP = "{policy_name: keep, capture: content}";
  private static final String MARKER = "the heron waits in the reeds";
  private static final String SSN = "536" + "-22-" + "8745";

  @TempDir static Path folder;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    final Path over = folder.resolve("data/content/2020-01-01");
    Files.createDirectories(over);
    Files.writeString(over.resolve("day-key"), "a key whose time is over");
    // Bodies larger than what the store takes.
    gateway =
        RunningGateway.start(
            folder, "limits: {body-bytes-max: 62914560}\ncontent: {retention-days: 7}\n");
  }

  @AfterEach
  void keepNoMore() throws Exception {
    for (final String name : List.of("keep", "none")) {
      gateway.admin("DELETE", "/policies?name=" + name, "");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      final VerifyReport report = gateway.verify();
      assertTrue(report.ok(), report.problem());
      assertEquals(0, report.notCanonical());
    } finally {
      gateway.close();
    }
  }

  private static String header(final HttpResponse<?> answer, final String name) {
    return answer.headers().firstValue(name).orElse(null);
  }

  private static Map<?, ?> decision(final HttpResponse<?> answer) throws Exception {
    return gateway.record(header(answer, "x-sealgate-shard"), header(answer, "x-sealgate-record"));
  }

  private static Map<?, ?> member(final Map<?, ?> record, final String name) {
    return (Map<?, ?>) record.get(name);
  }

  private static HttpResponse<String> read(final HttpResponse<?> answer, final String reason)
      throws Exception {
    return gateway.admin(
        "POST",
        "/content/read?index=" + header(answer, "x-sealgate-record") + "&reason=" + reason,
        "");
  }

  private static Map<?, ?> kept(final HttpResponse<?> answer) throws Exception {
    final HttpResponse<String> content = read(answer, "test");
    assertEquals(200, content.statusCode(), content.body());
    return json(content.body());
  }

  private static Map<?, ?> json(final String text) throws Exception {
    return (Map<?, ?>) JcsReader.parse(text.strip().getBytes(StandardCharsets.UTF_8));
  }

  private static void assertKept(final Map<?, ?> content, final String part, final String text) {
    final Map<?, ?> piece = member(content, part);
    assertEquals("kept", piece.get("state"));
    assertEquals(true, piece.get("matches_record"), "the record commits to exactly this");
    if (text != null) {
      assertEquals(text, piece.get("text"));
    }
  }

  private static String keyOf(final String user) throws Exception {
    final HttpResponse<String> issued = gateway.admin("POST", "/api-keys?user=" + user, "");
    return (String) json(issued.body()).get("key");
  }

  private static long events(final String event, final String subject) {
    return gateway.records().stream()
        .filter(r -> event.equals(r.get("event")) && subject.equals(r.get("subject")))
        .count();
  }

  @Test
  void shouldKeepPromptAndAnswerWhenAPolicyWantsContent() throws Exception {
    gateway.applyPolicy(KEEP);
    final String body = RunningGateway.chat("loopback-1", "say \\u00e9 " + MARKER);
    final HttpResponse<String> answer = gateway.post(body);
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals("content", decision(answer).get("capture"));
    final Map<?, ?> content = kept(answer);
    assertKept(content, "prompt", body);
    assertKept(content, "answer", answer.body());
    assertEquals(header(answer, "x-sealgate-request-id"), content.get("request_id"));
  }

  @Test
  void shouldKeepTheEventsOfAStream() throws Exception {
    gateway.applyPolicy(KEEP);
    final HttpResponse<String> answer = gateway.post(RunningGateway.streamed("loopback-1", MARKER));
    assertEquals(200, answer.statusCode(), answer.body());
    assertTrue(answer.body().endsWith("[DONE]\n\n"), answer.body());
    final Map<?, ?> content = kept(answer);
    assertKept(content, "prompt", null);
    assertKept(content, "answer", null);
    final StringBuilder sent = new StringBuilder();
    answer
        .body()
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .forEach(line -> sent.append(line.substring("data: ".length())));
    assertEquals(sent.toString(), member(content, "answer").get("text"));
  }

  @Test
  void shouldKeepWhatWasDenied() throws Exception {
    gateway.applyPolicy(KEEP);
    final String body = RunningGateway.chat("loopback-1", "my social security number is " + SSN);
    final HttpResponse<String> denied = gateway.post(body);
    assertEquals(403, denied.statusCode(), denied.body());
    final Map<?, ?> content = kept(denied);
    assertKept(content, "prompt", body);
    assertEquals("absent", member(content, "answer").get("state"));
  }

  @Test
  void shouldSealEveryReadingAndItsReasonBeforeItIsAnswered() throws Exception {
    gateway.applyPolicy(KEEP);
    final HttpResponse<String> answer = gateway.post(RunningGateway.chat("loopback-1", "hello"));
    final String subject =
        header(answer, "x-sealgate-shard") + "/" + header(answer, "x-sealgate-record");
    assertEquals(400, read(answer, "").statusCode(), "no reason, no reading");
    assertEquals(0, events("content-read", subject));
    assertEquals(200, read(answer, "case%2017").statusCode());
    final Map<?, ?> event =
        gateway.records().stream()
            .filter(r -> "content-read".equals(r.get("event")) && subject.equals(r.get("subject")))
            .findFirst()
            .orElseThrow();
    assertEquals("sealgate.admin/1", event.get("schema"));
    assertEquals("case 17", event.get("detail"));
  }

  @Test
  void shouldEraseOneUserAndLeaveEveryProof() throws Exception {
    gateway.applyPolicy(KEEP);
    final String ann = keyOf("ann");
    final HttpResponse<String> hers = gateway.post(RunningGateway.chat("loopback-1", MARKER), ann);
    final HttpResponse<String> his = gateway.post(RunningGateway.chat("loopback-1", MARKER));
    final Map<?, ?> before = decision(hers);
    assertKept(kept(hers), "prompt", null);
    final HttpResponse<String> erased =
        gateway.admin("POST", "/content/erase?subject=ann&reason=art.%2017", "");
    assertEquals("{\"erased\":2}\n", erased.body());
    final String org = (String) member(before, "caller").get("org");
    assertEquals(1, events("content-erase", org + "/ann"));
    final Map<?, ?> after = kept(hers);
    assertEquals(Map.of("state", "erased"), after.get("prompt"));
    assertEquals(Map.of("state", "erased"), after.get("answer"));
    assertKept(kept(his), "prompt", null);
    assertEquals(before, decision(hers), "the record is what it was");
    final VerifyReport report = gateway.verify();
    assertTrue(report.ok(), report.problem());
    final String without = gateway.admin("POST", "/content/erase?subject=ann", "").body();
    assertTrue(without.contains("say why"), without);
  }

  @Test
  void shouldLeaveNoPlainTextOnDisk() throws Exception {
    gateway.applyPolicy(KEEP);
    final HttpResponse<String> answer = gateway.post(RunningGateway.chat("loopback-1", MARKER));
    assertTrue(answer.body().contains(MARKER), "the model repeats it");
    boolean content = false;
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      for (final Path file : files.filter(Files::isRegularFile).toList()) {
        final String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains(MARKER), file.toString());
        content |= file.toString().contains("/content/");
      }
    }
    assertTrue(content, "the store is among what was looked at");
  }

  @Test
  void shouldCommitToNothingWhenAPolicyWantsNothingKept() throws Exception {
    gateway.applyPolicy("{policy_name: none, capture: none}");
    final HttpResponse<String> answer = gateway.post(RunningGateway.chat("loopback-1", "hello"));
    assertEquals(200, answer.statusCode(), answer.body());
    final Map<?, ?> decision = decision(answer);
    assertEquals("none", decision.get("capture"));
    assertNull(member(decision, "call").get("commitment"));
    final Map<?, ?> outcome = gateway.outcome(header(answer, "x-sealgate-request-id"));
    assertNull(member(outcome, "answer").get("commitment"));
    assertTrue(read(answer, "x").body().contains("capture level was none"));
  }

  @Test
  void shouldCommitWithoutKeepingWhenNoPolicySaysAnything() throws Exception {
    final HttpResponse<String> answer = gateway.post(RunningGateway.chat("loopback-1", "hello"));
    assertEquals("commitments", decision(answer).get("capture"));
    assertNotNull(member(decision(answer), "call").get("commitment"));
    final HttpResponse<String> nothing = read(answer, "x");
    assertEquals(400, nothing.statusCode());
    assertTrue(nothing.body().contains("nothing was kept"), nothing.body());
  }

  /** The same text has another commitment each time, and one that the secret does not open. */
  @Test
  void shouldSaltTheCommitmentsOfWhatIsKept() throws Exception {
    gateway.applyPolicy(KEEP);
    final String body = RunningGateway.chat("loopback-1", "yes");
    final HttpResponse<String> one = gateway.post(body);
    final HttpResponse<String> two = gateway.post(body);
    final Object first = member(decision(one), "call").get("commitment");
    assertNotEquals(first, member(decision(two), "call").get("commitment"));
    final byte[] secret =
        HexFormat.of()
            .parseHex(Files.readString(folder.resolve("data/secrets/commitment-key")).strip());
    final byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    final byte[] guessed =
        new Commitments(secret)
            .commit(header(one, "x-sealgate-request-id"), bytes, 0, bytes.length);
    assertNotEquals(first, HexFormat.of().formatHex(guessed));
  }

  /** A prompt that the store does not take is not forwarded, and the log says why. */
  @Test
  void shouldDenyWhatCannotBeKept() throws Exception {
    gateway.applyPolicy(KEEP);
    final long received = gateway.model().receivedCount();
    final String padding = " ".repeat(49 << 20);
    final HttpResponse<String> denied =
        gateway.post(RunningGateway.chat("loopback-1", "hello") + padding);
    assertEquals(503, denied.statusCode(), denied.body());
    assertTrue(denied.body().contains("content_unavailable"), denied.body());
    assertEquals("block", header(denied, "x-sealgate-decision"));
    assertEquals(received, gateway.model().receivedCount(), "nothing was forwarded");
    final Map<?, ?> outcome = gateway.outcome(header(denied, "x-sealgate-request-id"));
    assertEquals("content_unavailable", outcome.get("result"));
    assertEquals(503L, member(outcome, "answer").get("status"));
    final String metrics = gateway.admin("GET", "/metrics", "").body();
    assertTrue(metrics.contains("sealgate_content_pieces_total{outcome=\"refused\"} 1.0"), metrics);
    // The next call is served.
    assertEquals(200, gateway.post(RunningGateway.chat("loopback-1", "hello")).statusCode());
  }

  @Test
  void shouldHaveDeletedWhatIsOver() {
    Until.holds(
        "the old day is deleted", () -> !Files.exists(folder.resolve("data/content/2020-01-01")));
  }

  /** The wrapping key goes from the token, as an operator may destroy it; then it is put back. */
  @Test
  void shouldDenyOnlyWhatMustBeKeptWhileTheTokenHasNoWrappingKey(@TempDir final Path other)
      throws Exception {
    try (RunningGateway second = RunningGateway.start(other, "")) {
      final Path key = wrappingKey(other.resolve("data/tokens"));
      final Path away = other.resolve("away");
      Files.move(key, away);
      final Path today = other.resolve("data/content").resolve(LocalDate.now(ZoneOffset.UTC) + "");
      second.applyPolicy("{policy_name: keep, user: ann, capture: content}");
      final String ann =
          (String) json(second.admin("POST", "/api-keys?user=ann", "").body()).get("key");
      final HttpResponse<String> denied =
          second.post(RunningGateway.chat("loopback-1", "hello"), ann);
      assertEquals(503, denied.statusCode(), denied.body());
      assertTrue(denied.body().contains("content_unavailable"), denied.body());
      assertTrue(denied.body().contains("sealgate-log-content"), denied.body());
      assertTrue(
          second.admin("GET", "/metrics", "").body().contains("sealgate_content_unavailable 1.0"));
      final Map<?, ?> sealed = second.decision(header(denied, "x-sealgate-request-id"));
      assertEquals("content_unavailable", member(sealed, "problem").get("code"));
      assertEquals("commitments", sealed.get("capture"), "what was done, not what was wanted");
      assertEquals(200, second.post(RunningGateway.chat("loopback-1", "hello")).statusCode());
      assertFalse(Files.exists(today.resolve("day-key")));
      Files.move(away, key);
      // SoftHSM looks for files that came back only when it is initialized.
      assertTrue(ProcessHandle.of(second.gateway().signerPid()).orElseThrow().destroyForcibly());
      Until.holds(
          "calls are served again",
          () -> second.post(RunningGateway.chat("loopback-1", "hello"), ann).statusCode() == 200);
      final String metrics = second.admin("GET", "/metrics", "").body();
      assertTrue(metrics.contains("sealgate_content_unavailable 0.0"), metrics);
      assertTrue(metrics.contains("sealgate_content_pieces_total{outcome=\"kept\"} 2"), metrics);
    }
  }

  /** SoftHSM's file of the one secret key: attribute CKA_CLASS (0), a number (2), is 4. */
  private static Path wrappingKey(final Path tokens) throws Exception {
    final ByteBuffer secretKey = ByteBuffer.allocate(24).putLong(0).putLong(2).putLong(4);
    final String wanted = new String(secretKey.array(), StandardCharsets.ISO_8859_1);
    try (Stream<Path> files = Files.walk(tokens)) {
      for (final Path file : files.filter(f -> f.toString().endsWith(".object")).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(wanted)) {
          return file;
        }
      }
    }
    throw new AssertionError("the token has no wrapping key");
  }
}
