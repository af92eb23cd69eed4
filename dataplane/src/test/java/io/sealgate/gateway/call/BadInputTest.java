package io.sealgate.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.testkit.RawConnection;
import io.sealgate.gateway.testkit.RawConnection.Answer;
import io.sealgate.gateway.testkit.RunningGateway;
import io.sealgate.log.verify.VerifyReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes come, the answer says what is wrong with them and a sealed record bears it. */
final class BadInputTest {
  private static final int BODY_BYTES_MAX = 65_536;
  private static final String GOOD = RunningGateway.chat("loopback-1", "hi");
  private static final String HOST = "Host: localhost\r\n";
  private static final String GET = "GET /v1/models HTTP/1.1\r\n" + HOST;
  private static final String POST = "POST /v1/chat/completions HTTP/1.1\r\n" + HOST;
  private static final boolean KEPT = true;
  private static final boolean CLOSED = false;

  /** Connections that the gateway has to close; looked at last, for it may wait a little. */
  private static final Map<String, RawConnection> ENDING = new LinkedHashMap<>();

  @TempDir static Path folder;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        RunningGateway.start(
            folder,
            """
            limits:
              body-bytes-max: %d
              json-depth-max: 32
              header-bytes-max: 4096
              header-fields-max: 20
              header-timeout-ms: 700
              body-progress-timeout-ms: 700
            """
                .formatted(BODY_BYTES_MAX));
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      final VerifyReport report = gateway.verify();
      assertTrue(report.ok(), report.problem());
      for (final Map.Entry<String, RawConnection> ending : ENDING.entrySet()) {
        try (RawConnection connection = ending.getValue()) {
          assertTrue(connection.endsNow(), "the gateway closes: " + ending.getKey());
        }
      }
    } finally {
      gateway.close();
    }
  }

  /** One row: what is sent, with {@code KEY} for the authorization field, and what comes back. */
  private record Row(String name, String sent, int status, String code, boolean kept) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row body(
      final String name, final String body, final int status, final String code) {
    final String sent = POST + "KEY\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    return new Row("body: " + name, sent, status, code, KEPT);
  }

  private static Row head(
      final String name, final String sent, final int status, final String code) {
    return new Row("head: " + name, sent, status, code, CLOSED);
  }

  private static String fields(final String... fields) {
    return POST + "KEY\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
  }

  static Stream<Row> bodies() {
    return Stream.of(
        body("empty", "", 400, "invalid_json"),
        body("not JSON", "hello", 400, "invalid_json"),
        body("cut short", GOOD.substring(0, GOOD.length() - 1), 400, "invalid_json"),
        body("trailing bytes", GOOD + "x", 400, "invalid_json"),
        body("byte order mark", "\u00ef\u00bb\u00bf" + GOOD, 400, "invalid_json"),
        body("duplicate key", GOOD.replaceFirst("\\{", "{\"model\":\"a\","), 400, "duplicate_key"),
        body(
            "duplicate key, escaped",
            GOOD.replaceFirst("\\{", "{\"\\\\u006dodel\":\"a\","),
            400,
            "duplicate_key"),
        body("bad UTF-8", GOOD.replace("hi", "h\u00ffi"), 400, "invalid_utf8"),
        body("overlong UTF-8", GOOD.replace("hi", "\u00c0\u00af"), 400, "invalid_utf8"),
        body("surrogate as UTF-8", GOOD.replace("hi", "\u00ed\u00a0\u0080"), 400, "invalid_utf8"),
        body("lone surrogate", GOOD.replace("hi", "\\ud800"), 400, "invalid_utf8"),
        body("too deep", "[".repeat(33) + "]".repeat(33), 400, "json_too_deep"),
        body("array", "[]", 400, "invalid_request"),
        body("no model", "{\"messages\":[{}]}", 400, "missing_model"),
        body("no messages", "{\"model\":\"loopback-1\"}", 400, "missing_messages"),
        body("unknown model", RunningGateway.chat("gpt-9", "hi"), 404, "model_not_found"),
        body(
            "stream of wrong type",
            GOOD.replaceFirst("\\{", "{\"stream\":1,"),
            400,
            "invalid_type"),
        body(
            "no tokens wanted",
            GOOD.replaceFirst("\\{", "{\"max_tokens\":0,"),
            400,
            "invalid_value"));
  }

  static Stream<Row> heads() {
    return Stream.of(
        head("unknown route", GET.replace("models", "model") + "KEY\r\n\r\n", 404, "unknown_route"),
        head(
            "wrong method",
            GET.replace("models", "chat/completions") + "KEY\r\n\r\n",
            405,
            "method_not_allowed"),
        head("CONNECT", "CONNECT a:1 HTTP/1.1\r\n" + HOST + "\r\n", 400, "invalid_target"),
        head("no key", GET + "\r\n", 401, "invalid_api_key"),
        head(
            "two keys",
            GET + "KEY\r\nAuthorization: Bearer x\r\n\r\n",
            400,
            "invalid_authorization"),
        head("GET with a body", GET + "KEY\r\nContent-Length: 2\r\n\r\n{}", 400, "unexpected_body"),
        head("two hosts", GET + HOST + "KEY\r\n\r\n", 400, "invalid_host"),
        head("no host", "GET /v1/models HTTP/1.1\r\nKEY\r\n\r\n", 400, "invalid_host"),
        head(
            "absolute target",
            GET.replace("/v1", "http://a/v1") + "KEY\r\n\r\n",
            400,
            "invalid_target"),
        head("HTTP/1.2", GET.replace("/1.1", "/1.2") + "KEY\r\n\r\n", 505, "http_version"),
        head("gzip transfer coding", fields("Transfer-Encoding: gzip"), 400, "malformed_http"),
        head(
            "gzip, chunked",
            fields("Transfer-Encoding: gzip, chunked"),
            501,
            "unsupported_transfer_encoding"),
        head(
            "length and chunked",
            fields("Content-Length: 2", "Transfer-Encoding: chunked") + "0\r\n\r\n",
            400,
            "malformed_http"),
        head(
            "two lengths",
            fields("Content-Length: 2", "Content-Length: 3") + "{}",
            400,
            "malformed_http"),
        head("negative length", fields("Content-Length: -2") + "{}", 400, "malformed_http"),
        head("space before colon", GET + "KEY\r\nX-A : b\r\n\r\n", 400, "malformed_http"),
        head("not HTTP", "\u0016\u0003\u0001 hello\r\n\r\n", 400, "malformed_http"),
        head(
            "line too long",
            "GET /" + "a".repeat(5_000) + " HTTP/1.1\r\n" + HOST + "\r\n",
            414,
            "uri_too_long"),
        head(
            "fields too large",
            GET + "KEY\r\nX-A: " + "a".repeat(5_000) + "\r\n\r\n",
            431,
            "headers_too_large"),
        head(
            "too many fields",
            GET + "KEY\r\n" + "X-A: b\r\n".repeat(25) + "\r\n",
            431,
            "too_many_headers"),
        head(
            "gzip body",
            fields("Content-Encoding: gzip", "Content-Length: 2") + "xx",
            415,
            "unsupported_encoding"),
        head(
            "other expectation",
            fields("Expect: 200-maybe", "Content-Length: 2") + "{}",
            417,
            "expectation_failed"),
        head(
            "announced too large",
            fields("Content-Length: " + (BODY_BYTES_MAX + 1)),
            413,
            "body_too_large"),
        head(
            "announced far too large",
            fields("Content-Length: 99999999999"),
            413,
            "body_too_large"),
        head(
            "expected too large",
            fields("Expect: 100-continue", "Content-Length: " + (BODY_BYTES_MAX + 1)),
            413,
            "body_too_large"),
        head(
            "chunks growing too large",
            fields("Transfer-Encoding: chunked")
                + ("4000\r\n" + "a".repeat(0x4000) + "\r\n").repeat(5)
                + "0\r\n\r\n",
            413,
            "body_too_large"),
        head(
            "bad chunk size",
            fields("Transfer-Encoding: chunked") + "zz\r\n",
            400,
            "malformed_http"),
        head("header never ends", GET + "KEY\r\nX-Slow", 408, "request_timeout"),
        head("header's first bytes only", "GE", 408, "request_timeout"),
        head("body never ends", fields("Content-Length: 10") + "{", 408, "request_timeout"));
  }

  @ParameterizedTest
  @MethodSource({"bodies", "heads"})
  void shouldAnswerAndSealWhenTheInputIsBad(final Row row) throws Exception {
    final RawConnection connection = RawConnection.open(gateway.http());
    connection.send(row.sent.replace("KEY", "Authorization: Bearer " + gateway.apiKey()));
    final Answer answer = connection.answer();
    assertEquals(row.status, answer.status(), answer.body());
    assertTrue(
        answer.body().startsWith("{\"error\":{\"message\":\"")
            && answer.body().endsWith("\"code\":\"" + row.code + "\"}}"),
        answer.body());
    assertEquals("block", answer.header("x-sealgate-decision"));
    final Map<?, ?> decision = gateway.record(answer.header("x-sealgate-record"));
    assertEquals(answer.requestId(), decision.get("request_id"));
    assertEquals("block", decision.get("done"));
    assertEquals(row.code, ((Map<?, ?>) decision.get("problem")).get("code"));
    if (row.kept) {
      assertEquals(200, connection.send(gateway.rawCall(GOOD)).answer().status());
      connection.close();
    } else {
      assertEquals("close", answer.header("connection"));
      ENDING.put(row.name, connection);
    }
  }

  @Test
  void shouldAnswerAtTheLimitWhenTheBodyIsExactlyThatLong() throws Exception {
    final String body =
        RunningGateway.chat("loopback-1", "x".repeat(BODY_BYTES_MAX - GOOD.length() + 2));
    assertEquals(BODY_BYTES_MAX, body.length());
    try (RawConnection connection = RawConnection.open(gateway.http())) {
      assertEquals(200, connection.send(gateway.rawCall(body)).answer().status());
      connection.send(gateway.rawHead("Transfer-Encoding: chunked"));
      connection.send(Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
      assertEquals(200, connection.answer().status());
    }
  }

  @Test
  void shouldSayContinueWhenTheCallerWaitsForIt() throws Exception {
    try (RawConnection connection = RawConnection.open(gateway.http())) {
      connection.send(gateway.rawHead("Expect: 100-continue", "Content-Length: " + GOOD.length()));
      assertEquals(100, connection.head().status());
      assertEquals(200, connection.send(GOOD).answer().status());
    }
  }

  @Test
  void shouldEndTheConnectionWhenHttp2IsGarbage() throws Exception {
    try (RawConnection connection = RawConnection.open(gateway.http())) {
      connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "garbage".repeat(20));
      // GOAWAY, then the end: RFC 9113 section 5.4.1.
      assertTrue(connection.rest().length() < 1_000);
    }
    assertEquals(200, gateway.post(GOOD).statusCode());
  }
}
