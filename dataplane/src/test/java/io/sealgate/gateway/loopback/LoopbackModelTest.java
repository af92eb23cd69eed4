package io.sealgate.gateway.loopback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.testkit.Until;
import io.sealgate.policy.json.JsonReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LoopbackModelTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String HELLO_ANSWER = "You said: Hello, world (sha256 4ae7c3b6ac0beff6)";

  @TempDir Path directory;
  private Path log;
  private LoopbackModel model;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    log = directory.resolve("received.jsonl");
    final LoopbackModel.Options defaults = LoopbackModel.Options.defaults();
    model =
        LoopbackModel.start(
            "127.0.0.1",
            0,
            new LoopbackModel.Options(defaults.models(), 0, 0, Optional.of(log), 1));
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
  }

  @AfterEach
  void stop() throws IOException {
    client.shutdownNow();
    model.close();
  }

  @Test
  void shouldAnswerTheSameWhenAskedTheSame() throws Exception {
    final HttpResponse<String> first = chat(body("loopback-1", "Hello, world", ""));
    final HttpResponse<String> second = chat(body("loopback-1", "Hello, world", ""));
    assertEquals(200, first.statusCode());
    assertEquals("application/json", first.headers().firstValue("content-type").orElseThrow());
    assertEquals(first.body(), second.body());
    final Map<?, ?> answer = assertInstanceOf(Map.class, JsonReader.read(first.body()));
    assertEquals("chat.completion", answer.get("object"));
    assertEquals("loopback-1", answer.get("model"));
    assertEquals(HELLO_ANSWER, content(answer));
    final Map<?, ?> usage = (Map<?, ?>) answer.get("usage");
    // "Be kind" is two tokens and "Hello, world" three, and each message adds three.
    assertEquals(11L, usage.get("prompt_tokens"));
    assertEquals(12L, usage.get("completion_tokens"));
    assertEquals(23L, usage.get("total_tokens"));
  }

  @Test
  void shouldServeTheOfficialClientWhenItAsksForJsonAndForAStream() {
    final OpenAIClient official =
        OpenAIOkHttpClient.builder()
            .baseUrl("http://127.0.0.1:" + model.port() + "/v1")
            .apiKey("unused")
            .maxRetries(0)
            .build();
    try {
      final ChatCompletionCreateParams.Builder request =
          ChatCompletionCreateParams.builder()
              .model("loopback-1")
              .addUserMessage("Hello, world")
              .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
      final ChatCompletion answer = official.chat().completions().create(request.build());
      assertEquals(HELLO_ANSWER, answer.choices().getFirst().message().content().orElseThrow());
      assertEquals(18, answer.usage().orElseThrow().totalTokens());
      try (StreamResponse<ChatCompletionChunk> stream =
          official.chat().completions().createStreaming(request.build())) {
        final List<ChatCompletionChunk> chunks = stream.stream().toList();
        final String text =
            chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .flatMap(choice -> choice.delta().content().stream())
                .collect(Collectors.joining());
        assertEquals(HELLO_ANSWER, text);
        assertEquals(18, chunks.getLast().usage().orElseThrow().totalTokens());
      }
      assertEquals("loopback-1", official.models().list().data().getFirst().id());
    } finally {
      official.close();
    }
  }

  @Test
  void shouldEndTheStreamWithUsageAndDoneWhenUsageIsAskedFor() throws Exception {
    final HttpResponse<String> response =
        chat(
            body(
                "loopback-1",
                "Hello, world",
                ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"));
    assertTrue(
        response
            .headers()
            .firstValue("content-type")
            .orElseThrow()
            .startsWith("text/event-stream"));
    final List<String> events = List.of(response.body().split("\n\n"));
    assertEquals("data: [DONE]", events.getLast());
    final Map<?, ?> last = event(events.get(events.size() - 2));
    assertEquals(List.of(), last.get("choices"));
    assertEquals(23L, ((Map<?, ?>) last.get("usage")).get("total_tokens"));
    assertNull(event(events.getFirst()).get("usage"));
    assertTrue(events.get(events.size() - 3).contains("\"finish_reason\":\"stop\""));
  }

  @Test
  void shouldLeaveUsageOutOfTheStreamWhenItIsNotAskedFor() throws Exception {
    final String events = chat(body("loopback-1", "x", ",\"stream\":true")).body();
    assertFalse(events.contains("usage"));
    assertTrue(events.endsWith("data: [DONE]\n\n"));
  }

  @Test
  void shouldStopAtWholeCodePointsWhenTokensAreLimited() throws Exception {
    final Map<?, ?> answer =
        (Map<?, ?>)
            JsonReader.read(
                chat(body("loopback-1", "\\ud83d\\ude00\\ud83d\\ude00", ",\"max_tokens\":4"))
                    .body());
    // "You said: " is ten bytes; a face of four more fits in sixteen, a second one does not.
    assertEquals("You said: \ud83d\ude00", content(answer));
    assertEquals(4L, ((Map<?, ?>) answer.get("usage")).get("completion_tokens"));
    assertTrue(((List<?>) answer.get("choices")).toString().contains("finish_reason=length"));
  }

  @Test
  void shouldEchoABoundedStartWhenTheMessageIsLong() throws Exception {
    final String answer = chat(body("loopback-1", "a".repeat(100_000), "")).body();
    assertTrue(answer.length() < 1_000, answer);
    assertTrue(answer.contains("a".repeat(400) + "... (sha256 "));
  }

  @Test
  void shouldReadTextPartsWhenTheContentIsAList() throws Exception {
    final String request =
        "{\"model\":\"loopback-1\",\"messages\":[{\"role\":\"user\",\"content\":["
            + "{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image_url\",\"image_url\":{}},"
            + "{\"type\":\"text\",\"text\":\"b\"}]}]}";
    assertTrue(chat(request).body().contains("You said: a\\u000ab (sha256 "));
  }

  @Test
  void shouldListNamesAndNotPatternsWhenAskedForModels() throws Exception {
    final HttpResponse<String> response = client.send(get("/v1/models"), utf8());
    final Map<?, ?> answer = (Map<?, ?>) JsonReader.read(response.body());
    assertEquals(1, ((List<?>) answer.get("data")).size());
    assertTrue(response.body().contains("\"id\":\"loopback-1\""));
  }

  @Test
  void shouldKeepWhatItReceivedWhenItAnswers() throws Exception {
    final String first = body("loopback-1", "tab\\t and \u00fc", "");
    final String second = "not JSON at all";
    assertEquals(200, chat(first).statusCode());
    assertEquals(400, chat(second).statusCode());
    final List<Received> received = model.received();
    assertEquals(2, model.receivedCount());
    assertEquals(first, received.getFirst().body());
    assertEquals(second, received.getLast().body());
    assertEquals(2, received.getLast().n());
    final List<String> lines = Files.readAllLines(log);
    assertEquals(2, lines.size());
    final Map<?, ?> line = (Map<?, ?>) JsonReader.read(lines.getFirst());
    assertEquals(first, line.get("body"));
    assertEquals("/v1/chat/completions", line.get("path"));
    assertEquals(
        ChatAnswer.hex(first.getBytes(StandardCharsets.UTF_8), 32), line.get("bodySha256"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"model\":1,\"messages\":[]}",
        "{\"model\":\"loopback-1\",\"messages\":[]}",
        "{\"model\":\"loopback-1\",\"messages\":[1]}",
        "{\"model\":\"loopback-1\",\"messages\":[{}],\"n\":2}",
        "{\"model\":\"loopback-1\",\"model\":\"loopback-1\",\"messages\":[{}]}",
        "{\"model\":\"loopback-1\",\"messages\":[{}]} x",
        "{\"model\":\"loopback-1\",\"messages\":[{\"content\":\"\\x\"}]}",
      })
  void shouldAnswer400WhenTheBodyIsNotAChatRequest(final String body) throws Exception {
    final HttpResponse<String> response = chat(body);
    assertEquals(400, response.statusCode());
    assertTrue(response.body().startsWith("{\"error\":{\"message\":"), response.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"loopback-2", "loopback-1:nonsense", "loopback-1:"})
  void shouldAnswer404WhenTheModelIsNotServed(final String name) throws Exception {
    assertEquals(404, chat(body(name, "x", "")).statusCode());
  }

  @Test
  void shouldAnswer404WhenThePathIsUnknown() throws Exception {
    assertEquals(404, client.send(get("/v1/embeddings"), utf8()).statusCode());
    assertEquals(405, client.send(get("/v1/chat/completions"), utf8()).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"stream\":true"})
  void shouldCloseHalfwayWhenToldToCut(final String stream) throws Exception {
    final IOException failure =
        assertThrows(IOException.class, () -> chat(body("loopback-1:cut", "x", stream)));
    assertFalse(failure instanceof HttpTimeoutException);
    assertEquals(200, chat(body("loopback-1", "x", stream)).statusCode());
  }

  @Test
  void shouldNotAnswerWhenToldToHang() throws Exception {
    final HttpRequest request =
        post(body("loopback-1:hang", "x", "")).timeout(Duration.ofMillis(300)).build();
    assertThrows(HttpTimeoutException.class, () -> client.send(request, utf8()));
    assertEquals(1, model.receivedCount());
  }

  @Test
  void shouldCloseHangingConnectionsWhenClosed() throws Exception {
    final var pending = client.sendAsync(post(body("loopback-1:hang", "x", "")).build(), utf8());
    Until.holds("the model has it", () -> model.receivedCount() == 1);
    model.close();
    assertThrows(Exception.class, () -> pending.get(20, TimeUnit.SECONDS));
    assertEquals(0, model.connectionCount());
  }

  @Test
  void shouldResetWhenToldToRefuseOneRequest() {
    final IOException failure =
        assertThrows(IOException.class, () -> chat(body("loopback-1:refuse", "x", "")));
    assertFalse(failure instanceof HttpTimeoutException);
    assertEquals(1, model.receivedCount());
  }

  @Test
  void shouldCloseAtAcceptWhenToldToRefuseAll() throws Exception {
    model.misbehave(Fault.REFUSE);
    assertThrows(IOException.class, () -> chat(body("loopback-1", "x", "")));
    assertEquals(0, model.receivedCount());
    model.behave();
    assertEquals(200, chat(body("loopback-1", "x", "")).statusCode());
  }

  @Test
  void shouldAnswerSomethingElseWhenToldToSendGarbage() throws Exception {
    final HttpResponse<String> response = chat(body("loopback-1:garbage", "x", ""));
    assertEquals(200, response.statusCode());
    assertThrows(IllegalArgumentException.class, () -> JsonReader.read(response.body()));
  }

  @Test
  void shouldBreakTheStreamWhenToldToSendBadSse() throws Exception {
    final HttpResponse<String> response = chat(body("loopback-1:bad-sse", "x", ",\"stream\":true"));
    assertEquals(200, response.statusCode());
    assertFalse(response.body().contains("[DONE]"));
    assertTrue(response.body().contains("data: not json"));
  }

  @Test
  void shouldAnswerErrorsInTheApisFormWhenToldTo() throws Exception {
    assertEquals(500, chat(body("loopback-1:status-500", "x", "")).statusCode());
    final HttpResponse<String> limited = chat(body("loopback-1:status-429", "x", ""));
    assertEquals(429, limited.statusCode());
    assertEquals("1", limited.headers().firstValue("retry-after").orElseThrow());
    assertInstanceOf(Map.class, ((Map<?, ?>) JsonReader.read(limited.body())).get("error"));
  }

  @Test
  void shouldAnswerLateButRightWhenToldToBeSlow() throws Exception {
    final long start = System.nanoTime();
    final HttpResponse<String> response = chat(body("loopback-1:slow", "x", ""));
    assertTrue(System.nanoTime() - start >= Duration.ofSeconds(1).toNanos());
    assertTrue(response.body().contains("You said: x"));
  }

  @Test
  void shouldPauseBeforeHeadAndTokensWhenConfigured() throws Exception {
    final GatewayConfig config =
        GatewayConfig.parse(
            "test.yaml",
            "loopback: {delay-ms: 30, token-delay-ms: 10}".getBytes(StandardCharsets.UTF_8));
    try (LoopbackModel slow =
        LoopbackModel.start("127.0.0.1", 0, LoopbackModel.Options.of(config.loopback()))) {
      final long start = System.nanoTime();
      final HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + slow.port() + "/v1/chat/completions"))
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          body("loopback-1", "x", ",\"stream\":true")))
                  .timeout(TIMEOUT)
                  .build(),
              utf8());
      final int events = response.body().split("\n\n").length;
      final long leastMs = 30 + 10L * events;
      assertTrue(System.nanoTime() - start >= Duration.ofMillis(leastMs).toNanos());
      assertTrue(response.body().endsWith("data: [DONE]\n\n"));
    }
  }

  @Test
  void shouldSayWhyWhenThePortIsTaken() {
    assertThrows(
        IOException.class,
        () ->
            LoopbackModel.start("127.0.0.1", model.port(), LoopbackModel.Options.defaults())
                .close());
  }

  private HttpResponse<String> chat(final String body) throws Exception {
    return client.send(post(body).timeout(TIMEOUT).build(), utf8());
  }

  private HttpRequest.Builder post(final String body) {
    return HttpRequest.newBuilder(uri("/v1/chat/completions"))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpRequest get(final String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(TIMEOUT).build();
  }

  private URI uri(final String path) {
    return URI.create("http://127.0.0.1:" + model.port() + path);
  }

  private static String body(final String model, final String text, final String more) {
    return "{\"model\":\""
        + model
        + "\",\"messages\":[{\"role\":\"system\",\"content\":\"Be kind\"},"
        + "{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]"
        + more
        + "}";
  }

  private static Object content(final Map<?, ?> answer) {
    final Map<?, ?> choice = (Map<?, ?>) ((List<?>) answer.get("choices")).getFirst();
    return ((Map<?, ?>) choice.get("message")).get("content");
  }

  private static Map<?, ?> event(final String event) {
    return (Map<?, ?>) JsonReader.read(event.substring("data: ".length()));
  }

  private static HttpResponse.BodyHandler<String> utf8() {
    return HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8);
  }
}
