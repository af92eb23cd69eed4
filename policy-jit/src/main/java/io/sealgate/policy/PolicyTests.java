package io.sealgate.policy;

import io.sealgate.policy.SourceNode.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The tests of one file: calls and what policies must decide about them. Each has a {@code name},
 * what is {@code given} (a {@link CallCase}) and what to {@code expect}: {@code decision}, {@code
 * done}, {@code rule}, {@code done_rule}, {@code reason}, {@code mode}, {@code capture}, rules
 * among those {@code matched}, and {@code obligations}, all as {@link VerdictReport} writes them.
 * Immutable.
 */
public final class PolicyTests {
  static final String FIELD = "tests";

  private static final Set<String> FILE_FIELDS = new LinkedHashSet<>(List.of("description", FIELD));
  private static final Set<String> TEST_FIELDS =
      new LinkedHashSet<>(List.of("name", "given", "expect"));
  private static final Set<String> EXPECT_FIELDS =
      new LinkedHashSet<>(
          List.of(
              "decision",
              "done",
              "rule",
              "done_rule",
              "reason",
              "mode",
              "capture",
              "matched",
              "exempted",
              "obligations"));

  private final String file;
  private final List<Test> tests;

  private record Test(int line, String name, CallCase given, Map<?, ?> expect, Fields lines) {}

  /**
   * How one test went.
   *
   * @param place {@code file:line}
   * @param failure what was decided and what was expected; empty if it passed
   * @param verdict what was decided
   */
  public record Result(String place, String name, Optional<String> failure, Verdict verdict) {}

  private PolicyTests(String file, List<Test> tests) {
    this.file = file;
    this.tests = tests;
  }

  static PolicyTests of(String file, Mapping root, FindingTypeNames types) throws PolicyException {
    final Fields fields = new Fields(file, root);
    fields.refuseUnknown("a file of tests", FILE_FIELDS);
    final List<Test> tests = new ArrayList<>();
    for (final SourceNode item : fields.list(FIELD)) {
      if (!(item instanceof Mapping mapping)) {
        throw fields.refuse(
            item.line(), "a test is a mapping, this is " + item.describe(), "start with its name");
      }
      tests.add(test(file, new Fields(file, mapping), mapping, types));
    }
    return new PolicyTests(file, List.copyOf(tests));
  }

  private static Test test(String file, Fields fields, Mapping mapping, FindingTypeNames types)
      throws PolicyException {
    fields.refuseUnknown("a test", TEST_FIELDS);
    fields.required("name", "say what is tested");
    fields.required("given", "give the call");
    fields.required("expect", "say what must be decided, such as {decision: block}");
    final Fields expect = fields.mapping("expect");
    expect.refuseUnknown("an expectation", EXPECT_FIELDS);
    if (expect.keys().isEmpty()) {
      throw fields.refuse(fields.line("expect"), "nothing is expected", "give a decision");
    }
    if (!(mapping.entries().get("given").value() instanceof Mapping given)) {
      throw fields.refuse(fields.line("given"), "'given' must be a mapping", "write {call: ...}");
    }
    return new Test(
        mapping.line(),
        fields.prose("name", RuleReader.DESCRIPTION_LENGTH_MAX),
        CallCase.of(file, given, types),
        (Map<?, ?>) PlainValues.of(file, fields.required("expect", "")),
        expect);
  }

  /** How many tests there are. */
  public int count() {
    return tests.size();
  }

  /**
   * Runs all tests.
   *
   * @throws PolicyException if a test names what the policies do not have
   */
  public List<Result> run(PolicySet set) throws PolicyException {
    final List<Result> results = new ArrayList<>();
    for (final Test test : tests) {
      final Verdict verdict = test.given().decide(set);
      final Map<String, Object> actual = VerdictReport.of(verdict, set.snapshot());
      final Optional<String> failure = failure(test, actual);
      final int line =
          failure.isPresent() ? test.lines().line(firstDifference(test, actual)) : test.line();
      results.add(new Result(file + ":" + line, test.name(), failure, verdict));
    }
    return results;
  }

  private static String firstDifference(Test test, Map<String, Object> actual) {
    for (final Object key : test.expect().keySet()) {
      if (difference((String) key, test.expect().get(key), actual).isPresent()) {
        return (String) key;
      }
    }
    return "";
  }

  private static Optional<String> failure(Test test, Map<String, Object> actual) {
    final List<String> differences = new ArrayList<>();
    test.expect()
        .forEach(
            (key, expected) ->
                difference((String) key, expected, actual).ifPresent(differences::add));
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.join("; ", differences)
                + " (decided by "
                + actual.get("rule")
                + ", matched "
                + actual.get("matched")
                + ")");
  }

  private static Optional<String> difference(
      String key, Object expected, Map<String, Object> actual) {
    if ((key.equals("matched") || key.equals("exempted")) && expected instanceof List<?> names) {
      final List<?> missing =
          names.stream().filter(name -> !((List<?>) actual.get(key)).contains(name)).toList();
      return missing.isEmpty() ? Optional.empty() : Optional.of("not " + key + ": " + missing);
    }
    if (key.equals("obligations") && expected instanceof Map<?, ?> wanted) {
      final Map<?, ?> owed = (Map<?, ?>) actual.get("obligations");
      for (final var obligation : wanted.entrySet()) {
        final Object found = owed.get(obligation.getKey());
        if (!same(obligation.getValue(), found)) {
          return Optional.of(
              "obligation "
                  + obligation.getKey()
                  + " is "
                  + found
                  + ", expected "
                  + obligation.getValue());
        }
      }
      return Optional.empty();
    }
    return same(expected, actual.get(key))
        ? Optional.empty()
        : Optional.of(key + " is " + actual.get(key) + ", expected " + expected);
  }

  private static boolean same(Object expected, Object actual) {
    return Objects.equals(PlainValues.unordered(expected), PlainValues.unordered(actual));
  }
}
