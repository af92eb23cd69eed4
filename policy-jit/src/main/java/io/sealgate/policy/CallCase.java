package io.sealgate.policy;

import io.sealgate.policy.SourceNode.Mapping;
import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.CostLimit;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.ToolBreaker;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A call as an author writes it down to see it decided: facts in the groups {@code call}, {@code
 * caller}, {@code agent} and {@code tool} under the names that conditions use, {@code findings} by
 * type, the names of {@code patterns} found, the {@code time}, and what {@code counters} read by
 * {@code policy/rule} (milliseconds to wait for rate limits and breakers, millionths of a US dollar
 * for budgets and caps; 0 if not given). What is not given is empty or zero; the organisation is
 * the policies'. Immutable.
 */
public final class CallCase {
  private static final Set<String> GROUPS = Set.of("call", "caller", "agent", "tool");
  private static final Set<String> FIELDS =
      new LinkedHashSet<>(
          List.of("call", "caller", "agent", "tool", "findings", "patterns", "time", "counters"));
  private static final Set<String> FINDING_FIELDS = Set.of("count", "score");
  private static final int SCORE_MICROS_MAX = 1_000_000;

  private final String file;
  private final Fields fields;
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> patterns;
  private final Map<String, Long> counters = new LinkedHashMap<>();
  private final long epochMillis;

  private record Finding(int type, int count, int scoreMicros) {}

  private CallCase(String file, Mapping given, FindingTypeNames types) throws PolicyException {
    this.file = file;
    this.fields = new Fields(file, given);
    fields.refuseUnknown("a call", FIELDS);
    for (final String group : GROUPS) {
      if (fields.has(group)) {
        readFacts(group);
      }
    }
    if (fields.has("findings")) {
      readFindings(fields.mapping("findings"), types);
    }
    this.patterns = fields.texts("patterns");
    if (fields.has("counters")) {
      final Fields readings = fields.mapping("counters");
      for (final String rule : readings.keys()) {
        counters.put(rule, readings.whole(rule, 0, 0, Long.MAX_VALUE));
      }
    }
    this.epochMillis = time();
    place(new Facts());
  }

  /**
   * Reads a call from JSON or YAML.
   *
   * @param fileName what to call it in errors; it is not opened
   * @throws PolicyException if anything in it is not understood, with the line and the fix
   */
  public static CallCase parse(String fileName, byte[] utf8, FindingTypeNames types)
      throws PolicyException {
    return new CallCase(fileName, SourceReader.read(fileName, utf8), types);
  }

  static CallCase of(String file, Mapping given, FindingTypeNames types) throws PolicyException {
    return new CallCase(file, given, types);
  }

  private void readFacts(String group) throws PolicyException {
    final Fields members = fields.mapping(group);
    for (final String member : members.keys()) {
      final String name = group + "." + member;
      if (!FactTable.NAMES.contains(name)) {
        throw fields.refuse(
            members.line(member),
            "there is no fact '" + name + "'",
            "use one of: " + String.join(", ", FactTable.NAMES));
      }
      facts.put(name, PlainValues.of(file, members.required(member, "")));
    }
  }

  private void readFindings(Fields given, FindingTypeNames types) throws PolicyException {
    for (final String name : given.keys()) {
      final int[] ids = types.idsOf(name);
      if (ids.length != 1) {
        throw fields.refuse(
            given.line(name),
            ids.length == 0
                ? "there is no finding type '" + name + "'"
                : "'" + name + "' stands for " + ids.length + " finding types",
            "name one type, such as EMAIL_ADDRESS");
      }
      final int type = ids[0];
      if (given.required(name, "") instanceof Mapping) {
        final Fields finding = given.mapping(name);
        finding.refuseUnknown("a finding", FINDING_FIELDS);
        findings.add(
            new Finding(
                type,
                (int) finding.whole("count", 1, 1, Integer.MAX_VALUE),
                (int) finding.micros("score", SCORE_MICROS_MAX, 1)));
      } else {
        findings.add(
            new Finding(type, (int) given.whole(name, 1, 1, Integer.MAX_VALUE), SCORE_MICROS_MAX));
      }
    }
  }

  private long time() throws PolicyException {
    if (!fields.has("time")) {
      return 0;
    }
    final String text = fields.text("time", "");
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeParseException | ArithmeticException e) {
      throw fields.refuse(
          fields.line("time"),
          "'time' is '" + text + "'",
          "give a moment in UTC, as 2027-01-31T00:00:00Z");
    }
  }

  private void place(Facts out) throws PolicyException {
    for (final var fact : facts.entrySet()) {
      try {
        FactTable.set(out, fact.getKey(), fact.getValue());
      } catch (ClassCastException | NullPointerException | NumberFormatException e) {
        throw fields.refuse(
            fields.line(fact.getKey().substring(0, fact.getKey().indexOf('.'))),
            "the fact '" + fact.getKey() + "' has another type than it should",
            "give text, a whole number, true or false, or a list, as conditions read it");
      }
    }
    for (final Finding finding : findings) {
      out.addFindings(finding.type(), finding.count(), finding.scoreMicros());
    }
  }

  /** The moment at which the call is decided; 1970-01-01T00:00:00Z if none is given. */
  public long epochMillis() {
    return epochMillis;
  }

  /** The facts as a snapshot takes them. */
  Facts facts(Snapshot snapshot, String org) throws PolicyException {
    final Facts out = new Facts();
    out.org(org);
    place(out);
    for (final String name : patterns) {
      boolean known = false;
      for (int i = 0; i < snapshot.patterns().size(); i++) {
        final PolicyPattern pattern = snapshot.patterns().get(i);
        if (pattern.name().equals(name) || pattern.expression().equals(name)) {
          out.addTenantPattern(i);
          known = true;
        }
      }
      if (!known) {
        throw fields.refuse(
            fields.line("patterns"),
            "the policies look for no pattern '" + name + "'",
            "name a pattern or keyword of theirs");
      }
    }
    return out;
  }

  /** The counters as the call finds them. */
  Counters counters(Snapshot snapshot, String org) throws PolicyException {
    for (final String rule : counters.keySet()) {
      if (snapshot.rules().stream().noneMatch(ref -> ref.toString().equals(rule))) {
        throw fields.refuse(
            fields.line("counters"),
            "there is no rule '" + rule + "'",
            "name a counter's rule as policy/rule");
      }
    }
    return new Given(org, counters);
  }

  /**
   * Decides the call.
   *
   * @param set compiled policies
   * @throws PolicyException if the call names a pattern or a rule that they do not have
   */
  public Verdict decide(PolicySet set) throws PolicyException {
    return decide(set.snapshot(), set.org());
  }

  Verdict decide(Snapshot snapshot, String org) throws PolicyException {
    final Verdict verdict = new Verdict();
    snapshot.evaluate(facts(snapshot, org), counters(snapshot, org), epochMillis, verdict);
    return verdict;
  }

  /** Counters by the name of their rule. */
  private record Given(String org, Map<String, Long> byRule) implements Counters {
    @Override
    public long retryAfterMillis(RateLimit limit, Facts facts, long epochMillis) {
      return value(limit.key());
    }

    @Override
    public long spentMicroDollars(CostLimit limit, Facts facts, long epochMillis) {
      return value(limit.key());
    }

    @Override
    public long committedMicroDollars(BudgetLimit budget, Facts facts, long epochMillis) {
      return value(budget.key());
    }

    @Override
    public long openMillis(ToolBreaker breaker, Facts facts, long epochMillis) {
      return value(breaker.key());
    }

    /** A key starts with the organisation and the rule; what follows tells its counters apart. */
    private long value(String key) {
      for (final var reading : byRule.entrySet()) {
        final String rule = org + "/" + reading.getKey();
        if (key.equals(rule) || key.startsWith(rule + "/")) {
          return reading.getValue();
        }
      }
      return 0;
    }
  }
}
