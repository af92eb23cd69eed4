package io.sealgate.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.testkit.RawConnection;
import io.sealgate.gateway.testkit.RunningGateway;
import io.sealgate.log.verify.VerifyReport;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a call through the whole product, as a caller, a provider and an auditor see it. */
final class CallPathTest {
  private static final String CARD = "4111" + "1111" + "1111" + "1111";
  private static final String CARD_MARK = "[REDACTED:CREDIT_CARD]";
  private static final String SSN = "536" + "-22-" + "8745";

  @TempDir static Path folder;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway = RunningGateway.start(folder, "");
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

  private static String requestId(final HttpResponse<?> answer) {
    return header(answer, "x-sealgate-request-id");
  }

  private static Map<?, ?> member(final Map<?, ?> record, final String name) {
    return (Map<?, ?>) record.get(name);
  }

  private static String lastReceived() {
    return gateway.model().received().getLast().body();
  }

  @Test
  void shouldHaveBothRecordsSealedWhenTheAnswerArrives() throws Exception {
    final HttpResponse<String> answer = gateway.post(RunningGateway.chat("loopback-1", "hello"));
    assertEquals(200, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("You said: hello"), answer.body());
    assertEquals("allow", header(answer, "x-sealgate-decision"));
    final Map<?, ?> decision =
        gateway.record(header(answer, "x-sealgate-shard"), header(answer, "x-sealgate-record"));
    assertEquals("decision", decision.get("kind"));
    assertEquals(requestId(answer), decision.get("request_id"));
    assertEquals("allow", decision.get("done"));
    assertEquals(header(answer, "x-sealgate-policy"), member(decision, "policy").get("snapshot"));
    assertNotNull(member(decision, "caller").get("org"));
    final Map<?, ?> outcome = gateway.sealed("outcome", requestId(answer));
    assertNotNull(outcome, "the outcome is sealed before the last byte of the answer");
    assertEquals("answered", outcome.get("result"));
    assertEquals("provider", member(outcome, "tokens").get("source"));
  }

  @Test
  void shouldForwardTheSameBytesWhenNothingIsFound() throws Exception {
    final String body =
        " { \"model\" : \"loopback-1\",\r\n"
            + "\t\"messages\":[{\"role\":\"user\",\"content\":\"a\\u00e9\\n"
            + "\\ud83d\\ude00 z\"}], \"temperature\":1.50e0,\"seed\" : 7 } ";
    assertEquals(200, gateway.post(body).statusCode());
    assertEquals(body, lastReceived());
  }

  @Test
  void shouldRedactOnlyTheCardNumberWhenAMessageHoldsOne() throws Exception {
    final String body =
        RunningGateway.chat("loopback-1", "  my card is " + CARD + ", thanks \\u00e9 ");
    assertRedacted(body, CARD);
  }

  @Test
  void shouldRedactTheEscapesWhenTheCardNumberIsEscaped() throws Exception {
    final StringBuilder escaped = new StringBuilder();
    for (final char digit : CARD.toCharArray()) {
      escaped.append("\\u00").append(Integer.toHexString(digit));
    }
    assertRedacted(
        RunningGateway.chat("loopback-1", "card " + escaped + " ok"), escaped.toString());
  }

  @Test
  void shouldRedactWhenTheCardNumberIsInAToolCallArgument() throws Exception {
    final String body =
        "{\"model\":\"loopback-1\",\"messages\":[{\"role\":\"user\",\"content\":\"pay\"},"
            + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":"
            + "\"function\",\"function\":{\"name\":\"pay\",\"arguments\":\"{\\\"card\\\": \\\""
            + CARD
            + "\\\"}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"done\"}]}";
    assertRedacted(body, CARD);
  }

  @Test
  void shouldRedactWhenTheCardNumberIsInAnUnknownField() throws Exception {
    assertRedacted(
        RunningGateway.chat("loopback-1", "hi")
            .replaceFirst("\\{", "{\"x_new\":{\"deep\":[\"card " + CARD + "\"]},"),
        CARD);
  }

  private static void assertRedacted(final String body, final String onTheWire) throws Exception {
    final HttpResponse<String> answer = gateway.post(body);
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals("modify", header(answer, "x-sealgate-decision"));
    assertEquals(body.replace(onTheWire, CARD_MARK), lastReceived());
    final Map<?, ?> decision = gateway.record(header(answer, "x-sealgate-record"));
    assertEquals("modify", decision.get("done"));
    assertEquals("1", String.valueOf(decision.get("redactions")));
    assertFalse(decision.toString().contains(CARD), "no record holds prompt text");
  }

  @Test
  void shouldBlockBeforeTheProviderWhenASocialSecurityNumberIsFound() throws Exception {
    final long received = gateway.model().receivedCount();
    final HttpResponse<String> answer =
        gateway.post(RunningGateway.chat("loopback-1", "my social security number is " + SSN));
    assertEquals(403, answer.statusCode(), answer.body());
    assertEquals("block", header(answer, "x-sealgate-decision"));
    assertError(answer.body(), "content_blocked", "policy_violation");
    assertFalse(answer.body().contains(SSN));
    assertEquals(received, gateway.model().receivedCount());
    final Map<?, ?> decision = gateway.record(header(answer, "x-sealgate-record"));
    assertEquals("block", decision.get("done"));
    assertEquals(
        "sample-content/block-social-security-numbers", member(decision, "policy").get("rule"));
    assertNull(gateway.sealed("outcome", requestId(answer)), "nothing was asked, nothing came");
  }

  @Test
  void shouldStreamEventsUntilDoneWhenAskedTo() throws Exception {
    final HttpResponse<String> answer =
        gateway.post(RunningGateway.streamed("loopback-1", "one two three"));
    assertEquals(200, answer.statusCode(), answer.body());
    assertTrue(header(answer, "content-type").startsWith("text/event-stream"));
    assertTrue(answer.body().endsWith("data: [DONE]\n\n"), answer.body());
    assertTrue(answer.body().split("\n\n").length > 4, answer.body());
    assertEquals("answered", gateway.sealed("outcome", requestId(answer)).get("result"));
    assertEquals(
        requestId(answer), gateway.record(header(answer, "x-sealgate-record")).get("request_id"));
  }

  @Test
  void shouldAnswer401WhenTheKeyIsUnknownMalformedOrMissing() throws Exception {
    final String wrongSecret =
        gateway.apiKey().substring(0, gateway.apiKey().length() - 4) + "zzzz";
    for (final String key : new String[] {"nonsense", wrongSecret, ""}) {
      final HttpResponse<String> answer =
          gateway.post(RunningGateway.chat("loopback-1", "hi"), key);
      assertUnauthorized(answer);
    }
  }

  @Test
  void shouldAnswer401FromTheNextCallOnWhenAKeyIsRevoked() throws Exception {
    final Matcher issued = issue("user=leaver");
    final String body = RunningGateway.chat("loopback-1", "hi");
    final HttpResponse<String> before = gateway.post(body, issued.group("key"));
    assertEquals(200, before.statusCode(), before.body());
    assertEquals(
        "leaver",
        member(gateway.record(header(before, "x-sealgate-record")), "caller").get("user"));
    assertEquals(
        200, gateway.admin("POST", "/api-keys/revoke?id=" + issued.group("id"), "").statusCode());
    assertUnauthorized(gateway.post(body, issued.group("key")));
  }

  private static void assertUnauthorized(final HttpResponse<String> answer) throws Exception {
    assertEquals(401, answer.statusCode(), answer.body());
    assertError(answer.body(), "invalid_api_key", "authentication_error");
    final Map<?, ?> decision = gateway.record(header(answer, "x-sealgate-record"));
    assertEquals("block", decision.get("done"));
    assertNull(decision.get("caller"));
  }

  private static void assertError(final String body, final String code, final String type) {
    assertTrue(
        body.matches(
            "\\{\"error\":\\{\"message\":\".+\",\"type\":\""
                + type
                + "\",\"param\":(null|\".*\"),\"code\":\""
                + code
                + "\"}}"),
        body);
  }

  private static Matcher issue(final String query) throws Exception {
    final HttpResponse<String> issued = gateway.admin("POST", "/api-keys?" + query, "");
    final Matcher parts =
        Pattern.compile("\"id\":\"(?<id>[^\"]+)\",\"key\":\"(?<key>[^\"]+)\"")
            .matcher(issued.body());
    assertTrue(parts.find(), "no key in the answer of status " + issued.statusCode());
    return parts;
  }

  @Test
  void shouldThrottleWithRetryAfterWhenTheRateIsUsedUp() throws Exception {
    publish(
        "limited",
        """
        policy_name: limited
        environment: "*"
        rules:
          - {type: model_access, id: all, models: ["*"]}
          - {type: rate_limit, id: two, requests: 2, window_seconds: 3600}
        """);
    final String key = issue("org=limited").group("key");
    final String body = RunningGateway.chat("loopback-1", "hi");
    assertEquals(200, gateway.post(body, key).statusCode());
    assertEquals(200, gateway.post(body, key).statusCode());
    assertThrottled(gateway.post(body, key), "rate_limited", "limited/two");
  }

  @Test
  void shouldThrottleWhenTheDaysSpendingCapIsReached() throws Exception {
    publish(
        "thrifty",
        """
        policy_name: thrifty
        environment: "*"
        rules:
          - {type: model_access, id: capped, models: ["*"], max_cost_per_day: 0.000001}
        """);
    final String key = issue("org=thrifty").group("key");
    final String body = RunningGateway.chat("loopback-1", "spend something, please");
    final HttpResponse<String> first = gateway.post(body, key);
    assertEquals(200, first.statusCode(), first.body());
    assertNotEquals(
        "0", String.valueOf(gateway.sealed("outcome", requestId(first)).get("cost_microusd")));
    assertThrottled(gateway.post(body, key), "day_cost_reached", "thrifty/capped");
  }

  @Test
  void shouldDenyAndSayWhyWhenAPolicyAsksForWhatTheGatewayCannotDo() throws Exception {
    for (final String[] asked :
        new String[][] {
          {"approval", "{type: approval_required, id: r, approvers: [cfo]}", "ask for approval"},
          {
            "sandboxed",
            "{type: model_access, action: sandbox, sandbox: no_tools, id: r, models: ['*']}",
            "in a sandbox"
          },
          {"routed", "{type: provider_failover, id: r, targets: [other]}", "another upstream"},
          {
            "answers",
            "{type: pii_redaction, id: r, types: [CREDIT_CARD], direction: response}",
            "check the answer"
          }
        }) {
      publish(
          asked[0],
          """
          policy_name: p
          rules:
            - {type: model_access, id: all, models: ["*"]}
            - %s
          """
              .formatted(asked[1]));
      final int before = gateway.model().received().size();
      final HttpResponse<String> answer =
          gateway.post(
              RunningGateway.chat("loopback-1", "hi"), issue("org=" + asked[0]).group("key"));
      assertEquals(503, answer.statusCode(), answer.body());
      assertError(answer.body(), "policy_unavailable", "service_unavailable");
      assertTrue(answer.body().contains(asked[2]), answer.body());
      assertEquals(before, gateway.model().received().size(), "nothing is forwarded");
      final Map<?, ?> decision = gateway.record(header(answer, "x-sealgate-record"));
      assertEquals("block", decision.get("done"));
    }
  }

  private static void publish(final String org, final String yaml) throws Exception {
    final HttpResponse<String> published =
        gateway.admin("POST", "/policies?file=p.yaml&org=" + org, yaml);
    assertEquals(200, published.statusCode(), published.body());
  }

  private static void assertThrottled(
      final HttpResponse<String> answer, final String code, final String rule) throws Exception {
    assertEquals(429, answer.statusCode(), answer.body());
    assertEquals("throttle", header(answer, "x-sealgate-decision"));
    assertTrue(Long.parseLong(header(answer, "retry-after")) > 0);
    assertError(answer.body(), code, "rate_limit_error");
    final Map<?, ?> decision = gateway.record(header(answer, "x-sealgate-record"));
    assertEquals("throttle", decision.get("done"));
    assertEquals(rule, member(decision, "policy").get("rule"));
  }

  @Test
  void shouldDenyWhenAnOrganisationHasNoPolicy() throws Exception {
    final HttpResponse<String> answer =
        gateway.post(
            RunningGateway.chat("loopback-1", "hi"), issue("org=without-policy").group("key"));
    assertEquals(503, answer.statusCode(), answer.body());
    assertError(answer.body(), "policy_unavailable", "service_unavailable");
  }

  @Test
  void shouldListTheModelsWhenAsked() throws Exception {
    final HttpResponse<String> answer =
        gateway
            .client()
            .send(
                HttpRequest.newBuilder(gateway.http().resolve("/v1/models?limit=1"))
                    .header("authorization", "Bearer " + gateway.apiKey())
                    .build(),
                BodyHandlers.ofString());
    assertEquals(200, answer.statusCode());
    assertTrue(answer.body().contains("\"id\":\"loopback-1\""), answer.body());
    assertEquals(
        "openai.models",
        member(gateway.record(header(answer, "x-sealgate-record")), "call").get("dialect"));
  }

  @Test
  void shouldSpeakBothVersionsOfHttpWhenCalledOverTls() throws Exception {
    for (final HttpClient.Version version : HttpClient.Version.values()) {
      try (HttpClient client =
          HttpClient.newBuilder().version(version).sslContext(gateway.trustingTls()).build()) {
        for (final String body :
            new String[] {
              RunningGateway.chat("loopback-1", "hello"),
              RunningGateway.streamed("loopback-1", "hello"),
              RunningGateway.chat("loopback-1", "x ".repeat(200_000))
            }) {
          final HttpResponse<String> answer =
              client.send(
                  RunningGateway.request(gateway.gateway().https(), gateway.apiKey(), body),
                  BodyHandlers.ofString());
          assertEquals(200, answer.statusCode(), answer.body());
          assertEquals(version, answer.version());
          assertEquals(body, lastReceived());
          assertNotNull(gateway.sealed("outcome", requestId(answer)));
        }
      }
    }
  }

  @Test
  void shouldAnswerWhenAClearTextClientOffersToUpgrade() throws Exception {
    try (HttpClient upgrading =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      final HttpResponse<String> answer =
          upgrading.send(
              RunningGateway.request(
                  gateway.http(), gateway.apiKey(), RunningGateway.chat("loopback-1", "hi")),
              BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), answer.body());
      assertEquals(HttpClient.Version.HTTP_1_1, answer.version());
    }
  }

  @Test
  void shouldAnswerInOrderWhenRequestsArePipelined() throws Exception {
    try (RawConnection connection = RawConnection.open(gateway.http())) {
      final StringBuilder calls = new StringBuilder();
      for (int i = 0; i < 5; i++) {
        final String text = "number " + i;
        calls.append(
            gateway.rawCall(
                i % 2 == 0
                    ? RunningGateway.chat("loopback-1", text)
                    : RunningGateway.streamed("loopback-1", text)));
      }
      connection.send(calls.toString());
      for (int i = 0; i < 5; i++) {
        final RawConnection.Answer answer = connection.answer();
        assertEquals(200, answer.status(), answer.body());
        final String said =
            answer.body().replaceAll("(?s)data: .*?\"content\":\"([^\"]*)\".*?\n\n", "$1");
        assertTrue(said.contains("number " + i), answer.body());
      }
      connection.send(
          gateway.rawCall(RunningGateway.chat("loopback-1", "last"), "Connection: close"));
      assertEquals("close", connection.answer().header("connection"));
      assertTrue(connection.endsNow());
    }
  }
}
