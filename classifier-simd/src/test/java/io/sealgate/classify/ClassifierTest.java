package io.sealgate.classify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.hyperscan.HyperscanScan;
import io.sealgate.classify.json.JsonLimits;
import io.sealgate.classify.json.JsonTape;
import io.sealgate.classify.secret.SecretsTest;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClassifierTest {
  private static final List<TenantPattern> PATTERNS =
      List.of(
          new TenantPattern("falcon", "Project Falcon", false, false),
          new TenantPattern("ticket", "TICKET-[0-9]{4,8}", true, true));

  @Test
  void shouldPointAtTheWireWhenAJsonCallHoldsFindings() throws Exception {
    final String card = "4111 1111 " + "1111 1111";
    final String token = SecretsTest.checked("gh" + "p_", new Random(1));
    final String mail = "ann@example.com";
    final String body =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Pay \\u00e9\\n"
            + card
            + " for \\\"project \\u0046alcon\\\"\"},{\"role\":\"user\",\"content\":\"from "
            + mail
            + ", key\\t"
            + token
            + " re TICKET-12345\"}]}";
    final byte[] wire = ("    " + body).getBytes(UTF_8);
    final var tape = new JsonTape(JsonLimits.DEFAULT);
    tape.parse(wire, 4, wire.length - 4);
    final var segments = new Segments();
    int message = tape.firstChild(tape.find(tape.root(), "messages"));
    while (message >= 0) {
      segments.add(tape, tape.find(message, "content"));
      message = tape.next(message);
    }
    final List<String> found = new ArrayList<>();

    try (Classifier classifier = Classifier.compile(PATTERNS);
        Scanner scanner = classifier.scanner()) {
      final var findings = new Findings();
      scanner.scan(segments, findings);
      for (int i = 0; i < findings.size(); i++) {
        final int segment = findings.segment(i);
        final int from = segments.wireStart(segment, findings.start(i));
        final int to = segments.wireEnd(segment, findings.end(i));
        found.add(
            segment
                + " "
                + FindingTypes.name(findings.type(i))
                + " "
                + classifier.ruleName(findings.rule(i))
                + " "
                + new String(wire, 4 + from, to - from, UTF_8));
      }
    }

    assertEquals(
        List.of(
            "0 CREDIT_CARD pii-common/credit-card " + card,
            "0 TENANT_PATTERN falcon project \\u0046alcon",
            "1 EMAIL_ADDRESS pii-common/email " + mail,
            "1 GITHUB_TOKEN secrets-services/github-token " + token,
            "1 TENANT_PATTERN ticket TICKET-12345"),
        found);
  }

  @Test
  void shouldNameTheEngine() throws ClassifierException {
    try (Classifier classifier = Classifier.compile(List.of())) {
      assertTrue(classifier.engine().startsWith("hyperscan 5.4.0"), classifier.engine());
    }
  }

  @Test
  void shouldChangeTheDigestWhenAnyPartOfAPatternChanges() throws ClassifierException {
    final String digest = digest(PATTERNS);

    assertTrue(digest.matches("[0-9a-f]{64}"), digest);
    assertEquals(digest, digest(new ArrayList<>(PATTERNS)));
    final TenantPattern ticket = PATTERNS.get(1);
    for (final TenantPattern other :
        List.of(
            new TenantPattern("Ticket", ticket.expression(), true, true),
            new TenantPattern(ticket.name(), "TICKET-[0-9]{4,9}", true, true),
            new TenantPattern(ticket.name(), ticket.expression(), false, true),
            new TenantPattern(ticket.name(), ticket.expression(), true, false))) {
      assertNotEquals(digest, digest(List.of(PATTERNS.get(0), other)));
    }
    assertNotEquals(digest, digest(PATTERNS.reversed()));
    assertNotEquals(digest, digest(PATTERNS.subList(0, 1)));
    assertNotEquals(
        digest(List.of(new TenantPattern("ab", "c", false, true))),
        digest(List.of(new TenantPattern("a", "bc", false, true))));
  }

  @Test
  void shouldThrowAndLeaveNoFindingsWhenThereAreTooManyMatches() throws ClassifierException {
    final var letters =
        List.of(
            new TenantPattern("literal", "-", false, true),
            new TenantPattern("regex", "[?]", true, true));
    try (Classifier classifier = Classifier.compile(letters);
        Scanner scanner = classifier.scanner()) {
      for (final String letter : List.of("-", "?")) {
        final var findings = new Findings();
        scanner.scan(text("a" + letter), findings);
        assertEquals(1, findings.size());

        final Segments dense = text(letter.repeat(HyperscanScan.MATCHES_MAX + 1));
        final var refused =
            assertThrows(ClassifierException.class, () -> scanner.scan(dense, findings));
        assertEquals(0, findings.size());
        assertTrue(refused.getMessage().contains("1048576"), refused.getMessage());

        scanner.scan(text(letter + "b"), findings);
        assertEquals(1, findings.size());
      }
      final Segments both = text("-?".repeat(HyperscanScan.MATCHES_MAX / 2 + 1));
      final var findings = new Findings();
      assertThrows(ClassifierException.class, () -> scanner.scan(both, findings));
      assertEquals(0, findings.size());
    }
  }

  @Test
  void shouldFindNothingWhenThereIsNoText() throws ClassifierException {
    try (Classifier classifier = Classifier.compile(PATTERNS);
        Scanner scanner = classifier.scanner()) {
      final var findings = new Findings();
      scanner.scan(new Segments(), findings);
      assertEquals(0, findings.size());
      scanner.scan(text(""), findings);
      assertEquals(0, findings.size());
    }
  }

  @Test
  void shouldKeepScannersWorkingWhenTheClassifierIsClosed() throws Exception {
    final Classifier classifier = Classifier.compile(PATTERNS);
    final int threads = 4;
    final var started = new CountDownLatch(threads);
    final var closed = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      final List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        final Scanner scanner = classifier.scanner();
        results.add(
            pool.submit(
                () -> {
                  try (scanner) {
                    final Segments segments = text("a project falcon b TICKET-1234");
                    final var findings = new Findings();
                    int found = 0;
                    scanner.scan(segments, findings);
                    started.countDown();
                    while (closed.getCount() > 0) {
                      scanner.scan(segments, findings);
                    }
                    for (int round = 0; round < 200; round++) {
                      scanner.scan(segments, findings);
                      found += findings.size();
                    }
                    return found;
                  }
                }));
      }
      started.await();
      classifier.close();
      classifier.close();
      closed.countDown();
      for (final Future<Integer> result : results) {
        assertEquals(400, result.get());
      }
    }
    assertEquals(0, classifier.references());
    assertThrows(IllegalStateException.class, classifier::scanner);
  }

  @Test
  void shouldRefuseToScanWhenTheScannerIsClosed() throws ClassifierException {
    try (Classifier classifier = Classifier.compile(PATTERNS)) {
      final Scanner scanner = classifier.scanner();
      assertEquals(2, classifier.references());
      scanner.close();
      scanner.close();

      assertEquals(1, classifier.references());
      final Segments segments = text("a");
      assertThrows(IllegalStateException.class, () -> scanner.scan(segments, new Findings()));
    }
  }

  @Test
  void shouldAllocateNothingWhenTextIsClean() throws ClassifierException {
    final var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    final Segments segments = text("The quick brown fox jumps over the lazy dog. ".repeat(50));
    final var findings = new Findings();
    try (Classifier classifier = Classifier.compile(PATTERNS);
        Scanner scanner = classifier.scanner()) {
      // The fewest of many rounds: vectors are objects until the compiler has seen to the loops,
      // and
      // its queue may be long.
      final long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      long fewest = Long.MAX_VALUE;
      while (fewest > 0 && System.nanoTime() - patience < 0) {
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 50; i++) {
          scanner.scan(segments, findings);
        }
        fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, fewest);
    }
  }

  private static String digest(final List<TenantPattern> patterns) throws ClassifierException {
    try (Classifier classifier = Classifier.compile(patterns)) {
      return classifier.digest();
    }
  }

  private static Segments text(final String text) {
    final var segments = new Segments();
    final byte[] bytes = text.getBytes(UTF_8);
    segments.addText(bytes, 0, bytes.length);
    return segments;
  }
}
