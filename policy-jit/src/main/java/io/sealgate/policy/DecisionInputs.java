package io.sealgate.policy;

import io.sealgate.policy.json.CanonicalJson;
import io.sealgate.policy.json.JsonReader;
import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.CostLimit;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.ToolBreaker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that one verdict depended on: the snapshot's id, the facts, what was found, the one
 * clock reading and every counter that was read. Written as canonical JSON (RFC 8785) and read back
 * for replay. Immutable.
 *
 * <p>The facts hold names of callers and, for tool calls, the arguments as they came: this belongs
 * into storage that can be erased, not into the log; {@link #record} writes what the log may hold.
 */
public final class DecisionInputs {
  private static final String SCHEMA = "sealgate.decision-inputs/1";

  /** Bound of the counters and patterns of a record. */
  private static final int RECORDED_ITEMS_MAX = 256;

  /** Bound of all their keys, in UTF-16 units. */
  private static final int RECORDED_KEY_CHARS_MAX = 8_192;

  private static final Set<String> MEMBERS =
      Set.of("schema", "snapshot", "clock", "facts", "findings", "patterns", "counters");

  private final String json;
  private final String snapshotId;
  private final Map<?, ?> root;

  private DecisionInputs(String json, Map<?, ?> root) {
    this.json = json;
    this.root = root;
    this.snapshotId = (String) root.get("snapshot");
  }

  /** Inputs that cannot be replayed: something that the decision needs was not recorded. */
  public static final class NotReplayableException extends Exception {
    private static final long serialVersionUID = 1L;

    NotReplayableException(String message) {
      super(message);
    }
  }

  /** Thrown through an evaluation that asks for a counter that was not recorded. */
  private static final class MissingReading extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private MissingReading(String message) {
      super(message);
    }
  }

  /**
   * Takes down a decision that was just made. Allocates.
   *
   * @param readings what the evaluation read
   * @throws IllegalArgumentException if a tool argument is not a JSON value
   */
  public static DecisionInputs of(
      Snapshot snapshot, Facts facts, CounterReadings readings, long epochMillis) {
    final Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", SCHEMA);
    root.put("snapshot", snapshot.id());
    root.put("clock", epochMillis);
    root.put("facts", FactTable.write(facts));
    root.put("findings", findings(snapshot, facts));
    root.put("patterns", patterns(facts));
    root.put("counters", counters(readings));
    final String json = CanonicalJson.write(root);
    return new DecisionInputs(json, (Map<?, ?>) JsonReader.read(json));
  }

  /** Whether the inputs fit into a record; what does not cannot be replayed. */
  public static boolean isRecordable(Facts facts, CounterReadings readings) {
    int chars = 0;
    for (int i = 0; i < readings.count(); i++) {
      chars += readings.key(i).length();
    }
    return readings.count() + facts.tenantPatternCount() <= RECORDED_ITEMS_MAX
        && chars <= RECORDED_KEY_CHARS_MAX;
  }

  /**
   * Writes the inputs of a decision that was just made for a record that cannot be erased: as
   * {@link #toJson} does, but of tool arguments and of texts too long for a record the digest only.
   */
  public static void record(
      Snapshot snapshot, Facts facts, CounterReadings readings, long epochMillis, InputSink sink) {
    sink.beginObject();
    sink.name("clock");
    record(epochMillis, sink);
    sink.name("counters");
    sink.beginArray();
    for (int i = 0; i < readings.count(); i++) {
      sink.beginObject();
      sink.name("key");
      sink.text(readings.key(i));
      sink.name("kind");
      sink.text(readings.kind(i).name());
      sink.name("value");
      record(readings.value(i), sink);
      sink.endObject();
    }
    sink.endArray();
    sink.name("facts");
    FactTable.record(facts, sink);
    sink.name("findings");
    sink.beginArray();
    for (int i = 0; i < facts.findingTypeCount(); i++) {
      final int type = facts.findingType(i);
      sink.beginObject();
      sink.name("count");
      sink.number(facts.findingCount(type));
      sink.name("score");
      sink.number(facts.findingScoreMicros(type));
      sink.name("type");
      sink.text(snapshot.typeNames().get(type));
      sink.endObject();
    }
    sink.endArray();
    sink.name("patterns");
    sink.beginArray();
    for (int i = 0; i < facts.tenantPatternCount(); i++) {
      sink.number(facts.tenantPattern(i));
    }
    sink.endArray();
    sink.name("schema");
    sink.text(SCHEMA);
    sink.name("snapshot");
    sink.text(snapshot.id());
    sink.endObject();
  }

  static void record(long value, InputSink sink) {
    if (value > CanonicalJson.EXACT_MAX || value < -CanonicalJson.EXACT_MAX) {
      sink.text(Long.toString(value));
    } else {
      sink.number(value);
    }
  }

  private static List<Object> findings(Snapshot snapshot, Facts facts) {
    final List<Object> findings = new ArrayList<>();
    for (int i = 0; i < facts.findingTypeCount(); i++) {
      final int type = facts.findingType(i);
      findings.add(
          Map.of(
              "type", snapshot.typeNames().get(type),
              "count", (long) facts.findingCount(type),
              "score", (long) facts.findingScoreMicros(type)));
    }
    return findings;
  }

  private static List<Object> patterns(Facts facts) {
    final List<Object> patterns = new ArrayList<>();
    for (int i = 0; i < facts.tenantPatternCount(); i++) {
      patterns.add((long) facts.tenantPattern(i));
    }
    return patterns;
  }

  private static List<Object> counters(CounterReadings readings) {
    final List<Object> counters = new ArrayList<>();
    for (int i = 0; i < readings.count(); i++) {
      counters.add(
          Map.of(
              "kind", readings.kind(i).name(),
              "key", readings.key(i),
              "value", asWritten(readings.value(i))));
    }
    return counters;
  }

  /** Numbers that JSON does not hold exactly are written as text. */
  static Object asWritten(long value) {
    return value > CanonicalJson.EXACT_MAX || value < -CanonicalJson.EXACT_MAX
        ? Long.toString(value)
        : (Object) value;
  }

  static long asRead(Object written) {
    return written instanceof String text ? Long.parseLong(text) : (Long) written;
  }

  /**
   * Reads back what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static DecisionInputs parse(String json) {
    if (!(JsonReader.read(json) instanceof Map<?, ?> root) || !root.keySet().equals(MEMBERS)) {
      throw new IllegalArgumentException("these are no decision inputs; give what was exported");
    }
    if (!SCHEMA.equals(root.get("schema"))) {
      throw new IllegalArgumentException(
          "the decision inputs are not of the form "
              + SCHEMA
              + "; use the release that wrote them");
    }
    final DecisionInputs inputs;
    try {
      inputs = new DecisionInputs(CanonicalJson.write(root), root);
      inputs.clock();
      inputs.counters();
      final Map<?, ?> facts = (Map<?, ?>) root.get("facts");
      if (FactTable.digested(facts).isEmpty()) {
        FactTable.read(facts, new Facts());
      }
      inputs.findings().forEach(finding -> asRead(finding.get("count")));
    } catch (ClassCastException | NullPointerException e) {
      throw new IllegalArgumentException("the decision inputs are damaged", e);
    }
    return inputs;
  }

  /** Canonical JSON; the same inputs always give the same text. */
  public String toJson() {
    return json;
  }

  /** The snapshot that decided. */
  public String snapshotId() {
    return snapshotId;
  }

  private long clock() {
    return asRead(root.get("clock"));
  }

  private List<Map<?, ?>> findings() {
    final List<Map<?, ?>> findings = new ArrayList<>();
    ((List<?>) root.get("findings")).forEach(finding -> findings.add((Map<?, ?>) finding));
    return findings;
  }

  private Map<String, Long> counters() {
    final Map<String, Long> values = new HashMap<>();
    for (final Object item : (List<?>) root.get("counters")) {
      final Map<?, ?> counter = (Map<?, ?>) item;
      values.put(counter.get("kind") + " " + counter.get("key"), asRead(counter.get("value")));
    }
    return values;
  }

  /**
   * Decides again, with the snapshot of then or with another one.
   *
   * @throws NotReplayableException if the snapshot needs something that was not recorded
   */
  public Verdict replay(Snapshot snapshot) throws NotReplayableException {
    return decidable(snapshot).decide(snapshot);
  }

  /** The inputs as a snapshot takes them. */
  Decidable decidable(Snapshot snapshot) throws NotReplayableException {
    final Map<?, ?> recorded = (Map<?, ?>) root.get("facts");
    final Optional<String> digested = FactTable.digested(recorded);
    if (digested.isPresent()) {
      throw new NotReplayableException("of the fact " + digested.get() + " only a digest is kept");
    }
    final Facts facts = new Facts();
    FactTable.read(recorded, facts);
    for (final Map<?, ?> finding : findings()) {
      final int type = snapshot.typeNames().indexOf(finding.get("type"));
      if (type < 0) {
        throw new NotReplayableException(
            "the snapshot does not know the finding type " + finding.get("type"));
      }
      facts.addFindings(
          type, (int) asRead(finding.get("count")), (int) asRead(finding.get("score")));
    }
    final List<?> patterns = (List<?>) root.get("patterns");
    if (!snapshot.id().equals(snapshotId) && !snapshot.patterns().isEmpty()) {
      throw new NotReplayableException(
          "the other snapshot looks for patterns, and what they would have found is not recorded");
    }
    if (snapshot.id().equals(snapshotId)) {
      patterns.forEach(pattern -> facts.addTenantPattern((int) asRead(pattern)));
    }
    return new Decidable(facts, new Recorded(counters()), clock());
  }

  /** What an evaluation takes besides the snapshot. */
  record Decidable(Facts facts, Counters counters, long epochMillis) {
    Verdict decide(Snapshot snapshot) throws NotReplayableException {
      final Verdict verdict = new Verdict();
      try {
        snapshot.evaluate(facts, counters, epochMillis, verdict);
      } catch (MissingReading e) {
        throw new NotReplayableException(e.getMessage());
      }
      return verdict;
    }
  }

  /** The counters as they were read. */
  private record Recorded(Map<String, Long> values) implements Counters {
    @Override
    public long retryAfterMillis(RateLimit limit, Facts facts, long epochMillis) {
      return value(CounterReadings.Kind.RATE, limit.key());
    }

    @Override
    public long spentMicroDollars(CostLimit limit, Facts facts, long epochMillis) {
      return value(CounterReadings.Kind.DAY_COST, limit.key());
    }

    @Override
    public long committedMicroDollars(BudgetLimit budget, Facts facts, long epochMillis) {
      return value(CounterReadings.Kind.BUDGET, budget.key());
    }

    @Override
    public long openMillis(ToolBreaker breaker, Facts facts, long epochMillis) {
      return value(CounterReadings.Kind.BREAKER, breaker.key());
    }

    private long value(CounterReadings.Kind kind, String key) {
      final Long value = values.get(kind + " " + key);
      if (value == null) {
        throw new MissingReading("the counter of " + key + " was not read when it was decided");
      }
      return value;
    }
  }
}
