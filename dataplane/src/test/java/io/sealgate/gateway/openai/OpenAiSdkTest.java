package io.sealgate.gateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.sealgate.gateway.testkit.RunningGateway;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that uses the provider's own SDK changes its base URL and its key, no more. */
final class OpenAiSdkTest {
  private static final String SSN = "536" + "-22-" + "8745";

  @TempDir static Path folder;
  private static RunningGateway gateway;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws Exception {
    gateway = RunningGateway.start(folder, "");
    client = client(gateway.apiKey());
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
  }

  private static OpenAIClient client(final String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(gateway.http().resolve("/v1").toString())
        .apiKey(key)
        .maxRetries(0)
        .build();
  }

  private static ChatCompletionCreateParams say(final String model, final String text) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage(text).build();
  }

  private static <E extends OpenAIServiceException> E refused(
      final Class<E> kind, final OpenAIClient by, final String model, final String text) {
    return assertThrows(kind, () -> by.chat().completions().create(say(model, text)));
  }

  @Test
  void shouldAnswerWhenTheSdkCreatesACompletion() {
    final ChatCompletion answer =
        client.chat().completions().create(say("loopback-1", "Grüße, 世界"));
    assertTrue(answer.choices().getFirst().message().content().orElseThrow().contains("Grüße, 世界"));
    assertTrue(answer.usage().orElseThrow().totalTokens() > 0);
  }

  @Test
  void shouldGiveEveryPieceWhenTheSdkStreams() {
    final StringBuilder text = new StringBuilder();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(say("loopback-1", "one two three"))) {
      stream.stream()
          .flatMap(chunk -> chunk.choices().stream())
          .forEach(choice -> choice.delta().content().ifPresent(text::append));
    }
    assertTrue(text.toString().startsWith("You said: one two three"), text.toString());
  }

  @Test
  void shouldListModelsWhenTheSdkAsks() {
    assertTrue(
        client.models().list().data().stream().anyMatch(model -> model.id().equals("loopback-1")));
  }

  @Test
  void shouldThrowUnauthorizedWhenTheKeyIsWrong() {
    final OpenAIClient stranger = client("wrong");
    try {
      assertEquals(
          "invalid_api_key",
          refused(UnauthorizedException.class, stranger, "loopback-1", "hi").code().orElseThrow());
    } finally {
      stranger.close();
    }
  }

  @Test
  void shouldThrowPermissionDeniedWhenPolicyBlocks() {
    final PermissionDeniedException blocked =
        refused(PermissionDeniedException.class, client, "loopback-1", "my ssn is " + SSN);
    assertEquals("content_blocked", blocked.code().orElseThrow());
    assertEquals("policy_violation", blocked.type().orElseThrow());
  }

  @Test
  void shouldThrowNotFoundWhenTheModelIsUnknown() {
    final NotFoundException unknown =
        refused(NotFoundException.class, client, "no-such-model", "hi");
    assertEquals("model_not_found", unknown.code().orElseThrow());
    assertEquals("model", unknown.param().orElseThrow());
  }

  @Test
  void shouldThrowRateLimitWhenTheRateIsUsedUp() throws Exception {
    gateway.applyPolicy(
        """
        policy_name: rate
        rules:
          - {type: rate_limit, id: one, requests: 1, window_seconds: 3600, when: 'call.model == "loopback-1:slow"'}
        """);
    client.chat().completions().create(say("loopback-1:slow", "hi"));
    final RateLimitException limited =
        refused(RateLimitException.class, client, "loopback-1:slow", "hi");
    assertEquals("rate_limited", limited.code().orElseThrow());
    assertTrue(Long.parseLong(limited.headers().values("retry-after").getFirst()) > 0);
  }

  @Test
  void shouldThrowWhenTheStreamBreaksOff() {
    try (StreamResponse<ChatCompletionChunk> stream =
        client
            .chat()
            .completions()
            .createStreaming(say("loopback-1:cut", "one two three four five six"))) {
      assertThrows(RuntimeException.class, () -> stream.stream().forEach(chunk -> {}));
    }
  }
}
