package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.policy.DecisionInputs.NotReplayableException;
import io.sealgate.policy.json.CanonicalJson;
import io.sealgate.policy.json.JsonReader;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DecisionInputsTest {
  private static final long SEED = 11L;
  private static final long NOW = 1_795_219_199_999L;
  private static final String POLICY =
      """
      policy_name: p
      rules:
        - {type: model_access, id: all, models: ['*'], max_cost_per_day: 5}
        - {type: tool_access, id: t, tools: ['*'], breaker: {failures: 1}}
        - {type: rate_limit, id: rpm, requests: 2, window_seconds: 10, when: 'call.max_tokens > 1'}
        - {type: cost_budget, id: month, period: month, hard: 9, soft: 1}
        - {type: content_filter, id: f, keywords: [bluebird], action: redact}
        - {type: content_filter, id: s, types: [ssn], min_score: 0.5}
        - {type: model_access, id: late, action: deny, models: ['*'], when: 'time.hour_utc == 23 && call.tools > 3'}
      """;

  private final LimitState limits = new LimitState(100);
  private final CounterReadings readings = new CounterReadings(limits);
  private final Verdict verdict = new Verdict();

  private DecisionInputs decide(Snapshot snapshot, Facts facts, long now) {
    readings.clear();
    snapshot.evaluate(facts, readings, now, verdict);
    return DecisionInputs.of(snapshot, facts, readings, now);
  }

  private static Facts random(Random random) {
    final String[] names = {"", "a", "gpt-4", "\u00e9\ud83d\ude00", "x\"\\\n", "prod"};
    final Facts facts = new Facts();
    facts
        .org(names[random.nextInt(6)])
        .team(names[random.nextInt(6)])
        .user(names[random.nextInt(6)])
        .environment(names[random.nextInt(6)])
        .useCase(names[random.nextInt(6)])
        .apiKeyId(names[random.nextInt(6)])
        .model(names[random.nextInt(6)])
        .provider(names[random.nextInt(6)])
        .dialect(names[random.nextInt(6)])
        .agent(names[random.nextInt(6)])
        .stream(random.nextBoolean())
        .maxTokens(random.nextInt(3))
        .messageCount(random.nextLong())
        .toolCount(random.nextInt(6))
        .bodyBytes(random.nextInt())
        .textBytes(random.nextInt())
        .agentAgeDays(random.nextInt(10))
        .tokenEstimate(random.nextInt(1_000))
        .costEstimateMicroDollars(random.nextInt(3_000_000))
        .addRole(names[random.nextInt(6)])
        .addRole(names[random.nextInt(6)]);
    if (random.nextBoolean()) {
      final Map<String, Object> arguments = new LinkedHashMap<>();
      arguments.put("id", random.nextLong());
      arguments.put("$int", List.of(Map.of("$int", "7"), Map.of("$map", 3L), 1.5));
      facts.tool(names[random.nextInt(6)], names[random.nextInt(6)]).toolArguments(arguments);
    }
    if (random.nextBoolean()) {
      facts.addFinding(TestTypes.US_SSN, random.nextInt(1_000_000));
      facts.addFinding(TestTypes.US_SSN, random.nextInt(1_000_000));
      facts.addTenantPattern(0);
    }
    return facts;
  }

  private static String text(Verdict v) {
    final StringBuilder text = new StringBuilder();
    text.append(v.decision()).append(v.mode()).append(v.done()).append(v.wouldHaveDone());
    text.append(v.decidingRule()).append(v.doneRule()).append(v.reason()).append(v.doneReason());
    text.append(v.retryAfterMillis()).append(v.obligations().chargeCount());
    text.append(v.obligations().budgetWarningCount());
    for (int i = 0; i < v.matchedCount(); i++) {
      text.append(' ').append(v.matched(i));
    }
    return text.toString();
  }

  @Test
  void shouldDecideTheSameWhenReplayedFromItsExport() throws Exception {
    final Snapshot snapshot = TestTypes.snapshot(POLICY);
    final Random random = new Random(SEED);
    final Set<Decision> decisions = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      final Facts facts = random(random);
      final long now = NOW + random.nextInt(100_000_000);
      final DecisionInputs inputs = decide(snapshot, facts, now);
      final String then = text(verdict);
      decisions.add(verdict.done());
      final DecisionInputs read = DecisionInputs.parse(inputs.toJson());
      assertEquals(inputs.toJson(), read.toJson(), () -> "seed " + SEED);
      assertEquals(snapshot.id(), read.snapshotId());
      assertEquals(then, text(read.replay(snapshot)), () -> "seed " + SEED + inputs.toJson());
      final Reservation call = new Reservation();
      if (verdict.done().compareTo(Decision.THROTTLE) < 0
          && limits.reserve(verdict, facts, now, call)) {
        limits.settle(call, 10, 1_000_000);
        limits.toolOutcome(call, random.nextBoolean(), now);
      }
    }
    assertEquals(
        Set.of(Decision.ALLOW, Decision.MODIFY, Decision.THROTTLE, Decision.BLOCK), decisions);
  }

  /** So that a new fact cannot be forgotten in the export. */
  @Test
  void shouldCarryEveryFactWhenWritten() throws Exception {
    final Facts facts = random(new Random(SEED));
    facts.tool("s", "t").toolArguments(Map.of("k", Long.MAX_VALUE)).addRole("r").agent("g");
    facts.useCase("u").apiKeyId("k").provider("v").dialect("d").org("o").team("e").user("w");
    facts.environment("n").model("m").stream(true).maxTokens(2).toolCount(3).agentAgeDays(4);
    facts.tokenEstimate(5).costEstimateMicroDollars(6);
    final Facts read = new Facts();
    final Map<?, ?> written =
        (Map<?, ?>)
            ((Map<?, ?>)
                    JsonReader.read(
                        DecisionInputs.of(TestTypes.snapshot(POLICY), facts, readings, NOW)
                            .toJson()))
                .get("facts");
    FactTable.read(written, read);
    final Set<String> derived = Set.of("hourUtc", "dayOfWeek", "epochMillis");
    int compared = 0;
    for (final Field field : Facts.class.getDeclaredFields()) {
      final int modifiers = field.getModifiers();
      if (!Modifier.isPrivate(modifiers)
          && !Modifier.isStatic(modifiers)
          && !derived.contains(field.getName())) {
        assertEquals(field.get(facts), field.get(read), field.getName());
        assertNotEquals(field.get(new Facts()), field.get(read), field.getName());
        compared++;
      }
    }
    assertEquals(written.size(), compared);
  }

  @Test
  void shouldSayWhatIsMissingWhenAnotherSnapshotNeedsMore() throws Exception {
    final Snapshot plain =
        TestTypes.snapshot("{policy_name: p, rules: [{type: model_access, models: ['*']}]}");
    final DecisionInputs inputs = decide(plain, TestTypes.facts("a").maxTokens(5), NOW);
    assertEquals(Decision.ALLOW, inputs.replay(plain).done());
    final Snapshot denies =
        TestTypes.snapshot("{policy_name: p, rules: [{type: model_access, models: [b]}]}");
    assertEquals(Decision.BLOCK, inputs.replay(denies).done());
    final Snapshot limited =
        TestTypes.snapshot(
            "{policy_name: p, rules: [{type: model_access, models: ['*']}, {type: rate_limit,"
                + " requests: 1, window_seconds: 1}]}");
    final NotReplayableException counter =
        assertThrows(NotReplayableException.class, () -> inputs.replay(limited));
    assertTrue(counter.getMessage().contains("was not read"), counter::getMessage);
    final Snapshot looks = TestTypes.snapshot(POLICY);
    assertThrows(NotReplayableException.class, () -> inputs.replay(looks));
  }

  @Test
  void shouldRefuseWhenTheExportIsDamaged() throws Exception {
    final String whole = decide(TestTypes.snapshot(POLICY), random(new Random(SEED)), NOW).toJson();
    final Random random = new Random(SEED);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      final StringBuilder damaged = new StringBuilder(whole);
      damaged.setCharAt(random.nextInt(whole.length()), (char) (0x20 + random.nextInt(0x5f)));
      try {
        DecisionInputs.parse(damaged.toString());
      } catch (IllegalArgumentException e) {
        assertTrue(!e.getMessage().isBlank());
        refused++;
      }
    }
    assertTrue(refused > 500, "seed " + SEED);
  }

  /** Builds JSON text. */
  private static final class TextSink implements InputSink {
    private final StringBuilder text = new StringBuilder();

    private TextSink separate() {
      final char last = text.isEmpty() ? '{' : text.charAt(text.length() - 1);
      if (last != '{' && last != '[' && last != ':') {
        text.append(',');
      }
      return this;
    }

    @Override
    public void beginObject() {
      separate().text.append('{');
    }

    @Override
    public void endObject() {
      text.append('}');
    }

    @Override
    public void beginArray() {
      separate().text.append('[');
    }

    @Override
    public void endArray() {
      text.append(']');
    }

    @Override
    public void name(String name) {
      separate().text.append(CanonicalJson.write(name)).append(':');
    }

    @Override
    public void text(String value) {
      separate().text.append(CanonicalJson.write(value));
    }

    @Override
    public void number(long value) {
      separate().text.append(value);
    }

    @Override
    public void flag(boolean value) {
      separate().text.append(value);
    }
  }

  @Test
  void shouldRecordForTheLogWhatItWritesItself() throws Exception {
    final Snapshot snapshot = TestTypes.snapshot(POLICY);
    final Random random = new Random(SEED);
    int digested = 0;
    for (int i = 0; i < 500; i++) {
      final Facts facts = random(random);
      if (random.nextInt(4) == 0) {
        facts.model("m".repeat(300));
      }
      final DecisionInputs written = decide(snapshot, facts, NOW);
      final TextSink sink = new TextSink();
      DecisionInputs.record(snapshot, facts, readings, NOW, sink);
      final String recorded = sink.text.toString();
      final DecisionInputs read = DecisionInputs.parse(recorded);
      assertEquals(recorded, read.toJson(), "canonical, on seed " + SEED);
      if (recorded.contains("$sha256")) {
        digested++;
        assertThrows(NotReplayableException.class, () -> read.replay(snapshot));
      } else {
        assertEquals(written.toJson(), recorded, "on seed " + SEED);
      }
    }
    assertTrue(digested > 50 && digested < 450, "both occurred");
  }
}
