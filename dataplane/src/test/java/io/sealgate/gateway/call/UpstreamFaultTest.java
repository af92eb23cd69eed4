package io.sealgate.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.loopback.LoopbackModel;
import io.sealgate.gateway.testkit.RawConnection;
import io.sealgate.gateway.testkit.RunningGateway;
import io.sealgate.gateway.testkit.Until;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * However a provider fails, the caller is told, the outcome is sealed, and nothing stays behind.
 */
final class UpstreamFaultTest {
  private static final String TEXT = "one two three four five six seven eight";

  @TempDir static Path folder;
  private static LoopbackModel provider;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    provider = LoopbackModel.start("127.0.0.1", 0, LoopbackModel.Options.defaults());
    final int nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = free.getLocalPort();
    }
    gateway =
        RunningGateway.start(
            folder,
            """
            loopback: {enabled: false}
            upstreams:
              - name: provider
                base-url: http://127.0.0.1:%d/v1
                models: [loopback-1, "loopback-1:*"]
                response-timeout-ms: 3000
                idle-timeout-ms: 3000
                connections-max: 8
              - name: by-name
                base-url: http://localhost:%d/v1
                models: [unserved]
              - name: nobody
                base-url: http://127.0.0.1:%d/v1
                models: [nobody]
                connect-timeout-ms: 2000
            """
                .formatted(provider.port(), provider.port(), nobody));
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      assertTrue(gateway.verify().ok(), gateway.verify().problem());
    } finally {
      gateway.close();
      provider.close();
    }
  }

  /** The next call works, and failed exchanges hold no connection. */
  @AfterEach
  void nothingStaysBehind() throws Exception {
    assertEquals(200, gateway.post(RunningGateway.chat("loopback-1", "hi")).statusCode());
    Until.holds("only idle connections to the provider", () -> provider.connectionCount() <= 4);
  }

  @ParameterizedTest
  @CsvSource({
    "refuse, 502, upstream_closed",
    "hang, 504, upstream_timeout",
    "cut, 502, upstream_cut",
    "garbage, 502, upstream_invalid",
    "bad-sse, 502, upstream_invalid",
  })
  void shouldAnswerAndSealWhenTheProviderFails(
      final String fault, final int status, final String code) throws Exception {
    final String model = "loopback-1:" + fault;
    assertRefused(gateway.rawCall(RunningGateway.chat(model, TEXT)), status, code);
    if (!fault.equals("cut") && !fault.equals("bad-sse")) {
      assertRefused(gateway.rawCall(RunningGateway.streamed(model, TEXT)), status, code);
    }
  }

  @Test
  void shouldSayUnreachableWhenNobodyListens() throws Exception {
    final String code = "upstream_unreachable";
    assertRefused(gateway.rawCall(RunningGateway.chat("nobody", TEXT)), 502, code);
    assertRefused(gateway.rawCall(RunningGateway.streamed("nobody", TEXT)), 502, code);
  }

  private static void assertRefused(final String call, final int status, final String code)
      throws Exception {
    try (RawConnection connection = RawConnection.open(gateway.http())) {
      final RawConnection.Answer answer = connection.send(call).answer();
      assertEquals(status, answer.status(), answer.body());
      assertTrue(answer.body().endsWith("\"code\":\"" + code + "\"}}"), answer.body());
      assertTrue(answer.body().contains("\"type\":\"upstream_error\""), answer.body());
      assertEquals("allow", gateway.sealed("decision", answer.requestId()).get("done"));
      final Map<?, ?> outcome = gateway.sealed("outcome", answer.requestId());
      assertNotNull(outcome, "sealed before the answer");
      assertEquals(code, outcome.get("result"));
      assertEquals(
          String.valueOf(status),
          String.valueOf(((Map<?, ?>) outcome.get("answer")).get("status")));
      // The caller did nothing wrong: its connection stays usable.
      connection.send(gateway.rawCall(RunningGateway.chat("loopback-1", "again")));
      assertEquals(200, connection.answer().status());
    }
  }

  @ParameterizedTest
  @CsvSource({"status-500, 500", "status-429, 429"})
  void shouldPassTheErrorOnWhenTheProviderAnswersWithOne(final String fault, final int status)
      throws Exception {
    for (final String body :
        new String[] {
          RunningGateway.chat("loopback-1:" + fault, TEXT),
          RunningGateway.streamed("loopback-1:" + fault, TEXT)
        }) {
      try (RawConnection connection = RawConnection.open(gateway.http())) {
        final RawConnection.Answer answer = connection.send(gateway.rawCall(body)).answer();
        assertEquals(status, answer.status(), answer.body());
        assertTrue(answer.body().contains("told to answer " + status), answer.body());
        final Map<?, ?> outcome = gateway.sealed("outcome", answer.requestId());
        assertEquals("answered", outcome.get("result"));
        assertEquals(
            String.valueOf(status),
            String.valueOf(((Map<?, ?>) outcome.get("answer")).get("upstream_status")));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"cut, upstream_cut", "bad-sse, upstream_invalid"})
  void shouldEndTheStreamWithAnErrorWhenTheProviderFailsInTheMiddle(
      final String fault, final String code) throws Exception {
    try (RawConnection connection = RawConnection.open(gateway.http())) {
      connection.send(gateway.rawCall(RunningGateway.streamed("loopback-1:" + fault, TEXT)));
      final RawConnection.Answer head = connection.head();
      final String rest;
      if (head.status() == 200) {
        rest = connection.rest();
        assertTrue(rest.contains("data: {\"error\":{\"message\":"), rest);
        assertFalse(rest.contains("[DONE]"), rest);
        assertFalse(rest.endsWith("\r\n0\r\n\r\n"), "the body must not look complete: " + rest);
      } else {
        // Nothing had been let out yet, so it could still be said in the status.
        assertEquals(502, head.status());
        rest = connection.body(Integer.parseInt(head.header("content-length")));
      }
      assertTrue(rest.contains("\"code\":\"" + code + "\""), rest);
      assertEquals(code, gateway.outcome(head.requestId()).get("result"));
    }
  }

  @Test
  void shouldWaitWhenTheProviderIsSlow() throws Exception {
    assertEquals(200, gateway.post(RunningGateway.chat("loopback-1:slow", "hi")).statusCode());
  }

  @Test
  void shouldFindTheProviderWhenItIsConfiguredByName() throws Exception {
    // The provider does not know this model and says so: it was reached.
    final var answer = gateway.post(RunningGateway.chat("unserved", "hi"));
    assertEquals(404, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("no such model"), answer.body());
  }

  @Test
  void shouldCancelAndSealWhenTheCallerLeavesInTheMiddleOfAStream() throws Exception {
    final RawConnection connection = RawConnection.open(gateway.http());
    connection.send(gateway.rawCall(RunningGateway.streamed("loopback-1:slow", TEXT.repeat(8))));
    final RawConnection.Answer head = connection.head();
    assertEquals(200, head.status());
    assertFalse(connection.chunk().isEmpty());
    final int open = provider.connectionCount();
    connection.reset();
    assertEquals("caller_gone", gateway.outcome(head.requestId()).get("result"));
    Until.holds("the provider's connection is closed", () -> provider.connectionCount() < open);
  }

  @Test
  void shouldCancelAndSealWhenTheCallerLeavesBeforeTheAnswer() throws Exception {
    final long received = provider.receivedCount();
    try (RawConnection connection = RawConnection.open(gateway.http())) {
      connection.send(gateway.rawCall(RunningGateway.chat("loopback-1:hang", TEXT)));
      Until.holds("the provider has the call", () -> provider.receivedCount() > received);
    }
    final Map<?, ?> outcome =
        Until.value(
            "an outcome of a caller who left before the answer",
            () ->
                gateway.records().stream()
                    .filter(one -> "caller_gone".equals(one.get("result")))
                    .filter(
                        one ->
                            "0"
                                .equals(
                                    String.valueOf(((Map<?, ?>) one.get("answer")).get("bytes"))))
                    .findFirst()
                    .orElse(null));
    assertEquals("provider", outcome.get("upstream"));
  }
}
