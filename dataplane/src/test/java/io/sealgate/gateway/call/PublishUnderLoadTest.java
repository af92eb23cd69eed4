package io.sealgate.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.testkit.RunningGateway;
import io.sealgate.gateway.testkit.Until;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A publish disturbs no call, and is in force for the first call after it. */
final class PublishUnderLoadTest {
  private static final int CALLERS = 4;
  private static final int PUBLISHES = 6;

  @TempDir Path folder;

  @Test
  void shouldFailNoCallWhenPoliciesArePublishedUnderLoad() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(folder, "");
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      final AtomicBoolean stop = new AtomicBoolean();
      final AtomicLong calls = new AtomicLong();
      final List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        running.add(
            callers.submit(
                () -> {
                  while (!stop.get()) {
                    final HttpResponse<String> answer =
                        gateway.post(RunningGateway.chat("loopback-1", "hello"));
                    assertEquals(200, answer.statusCode(), answer.body());
                    calls.incrementAndGet();
                  }
                  return null;
                }));
      }
      try {
        for (int i = 0; i < PUBLISHES; i++) {
          publishAndCheck(gateway, "unicorn" + i);
          final long seen = calls.get();
          Until.holds(
              "callers go on",
              () -> calls.get() > seen + CALLERS || running.stream().anyMatch(Future::isDone));
        }
      } finally {
        stop.set(true);
      }
      for (final Future<?> caller : running) {
        caller.get(20, TimeUnit.SECONDS);
      }
      assertTrue(gateway.verify().ok());
    }
  }

  @Test
  void shouldCountAndRecordNothingWhenRecentCallsWarmTheNextRules() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(folder, "")) {
      gateway.applyPolicy(
          """
          policy_name: rate
          rules:
            - {type: rate_limit, id: three, requests: 3, window_seconds: 3600}
          """);
      final String call = RunningGateway.chat("loopback-1", "hello");
      assertEquals(200, gateway.post(call).statusCode());
      assertEquals(200, gateway.post(call).statusCode());
      for (int i = 0; i < PUBLISHES; i++) {
        gateway.applyPolicy(
            """
            policy_name: other
            rules:
              - {type: model_access, id: none%d, action: deny, models: [none], when: call.tools > %d}
            """
                .formatted(i, i));
      }
      assertEquals(200, gateway.post(call).statusCode(), "publishes used nothing of the limit");
      assertEquals(429, gateway.post(call).statusCode());
      assertEquals(
          4, gateway.records().stream().filter(one -> "decision".equals(one.get("kind"))).count());
    }
  }

  private static void publishAndCheck(final RunningGateway gateway, final String word)
      throws Exception {
    final String body = RunningGateway.chat("loopback-1", "tell me of the " + word);
    final HttpResponse<String> before = gateway.post(body);
    assertEquals(200, before.statusCode(), before.body());
    gateway.applyPolicy(
        """
        policy_name: words
        rules:
          - type: content_filter
            id: no-%s
            patterns: ["%s"]
            action: block
        """
            .formatted(word, word));
    final HttpResponse<String> after = gateway.post(body);
    assertEquals(403, after.statusCode(), "the new policy is in force for the next call");
    assertTrue(after.body().contains("words/no-" + word), after.body());
    assertNotEquals(
        before.headers().firstValue("x-sealgate-policy"),
        after.headers().firstValue("x-sealgate-policy"));
  }
}
