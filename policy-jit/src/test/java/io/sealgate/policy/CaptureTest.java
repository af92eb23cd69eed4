package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How much of a call is kept, by what policies say. */
final class CaptureTest {
  private static final long NOW = 1_795_219_199_999L;
  private static final String ALLOW_ALL =
      "{policy_name: base, rules: [{type: model_access, id: all, models: ['*']}]}";

  private final LimitState limits = new LimitState(1_000);
  private final Verdict verdict = new Verdict();

  private Capture capture(Snapshot snapshot, Facts facts) {
    snapshot.evaluate(facts, limits, NOW, verdict);
    return verdict.capture();
  }

  @Test
  void shouldCommitOnlyWhenNothingIsSaid() throws PolicyException {
    final Snapshot snapshot = TestTypes.snapshot(ALLOW_ALL);
    assertEquals(Capture.COMMITMENTS, capture(snapshot, TestTypes.facts("gpt-4")));
    assertFalse(snapshot.capturesContent());
  }

  @Test
  void shouldKeepTheLeastThatAnyoneStates() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            ALLOW_ALL,
            "{policy_name: all, capture: content}",
            "{policy_name: test, environment: test, capture: commitments}",
            "{policy_name: hr, team: hr, capture: none}");
    assertTrue(snapshot.capturesContent());
    assertEquals(Capture.CONTENT, capture(snapshot, TestTypes.facts("m").team("x")));
    assertEquals(
        Capture.COMMITMENTS, capture(snapshot, TestTypes.facts("m").team("x").environment("test")));
    assertEquals(
        Capture.NONE, capture(snapshot, TestTypes.facts("m").team("hr").environment("test")));
    // What one call asked for is not left over for the next.
    assertEquals(Capture.CONTENT, capture(snapshot, TestTypes.facts("m").team("x")));
  }

  @Test
  void shouldHoldForCallsThatAreDeniedToo() throws PolicyException {
    final Snapshot snapshot = TestTypes.snapshot("{policy_name: all, capture: content}");
    assertEquals(Capture.CONTENT, capture(snapshot, TestTypes.facts("m")));
    assertEquals(Decision.BLOCK, verdict.done());
    assertTrue(
        VerdictReport.json(verdict, snapshot).contains("\"capture\":\"content\""),
        () -> VerdictReport.json(verdict, snapshot));
  }

  @Test
  void shouldShowInTestsAndExplanationsOfPolicies() throws PolicyException {
    final String test =
        "{tests: [{name: kept, given: {call: {model: m}}, expect: {capture: content}},"
            + " {name: not, given: {call: {model: m}}, expect: {capture: none}}]}";
    final PolicySet set =
        PolicySet.read(
            List.of(
                new PolicySet.Source("p", utf8("{policy_name: all, capture: content}")),
                new PolicySet.Source("t", utf8(test))),
            "acme",
            TestTypes.TYPES);
    final CallCase call = CallCase.parse("call", utf8("call: {model: m}"), TestTypes.TYPES);
    final List<PolicyTests.Result> results = set.tests().getFirst().run(set);
    assertTrue(results.get(0).failure().isEmpty());
    assertTrue(results.get(1).failure().orElseThrow().contains("capture is content"));
    final Explanation explanation = Explanation.of(set, call);
    assertTrue(explanation.isSame());
    assertTrue(
        explanation.lines().contains("Kept of the call: content."), "" + explanation.lines());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void shouldNotCountWhatIsOnlyObserved() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(ALLOW_ALL, "{policy_name: trial, mode: observe, capture: content}");
    assertEquals(Capture.COMMITMENTS, capture(snapshot, TestTypes.facts("m")));
    assertFalse(snapshot.capturesContent());
  }

  @Test
  void shouldBePartOfTheSnapshotsIdentity() throws PolicyException {
    assertNotEquals(
        TestTypes.snapshot(ALLOW_ALL, "{policy_name: c, capture: none}").id(),
        TestTypes.snapshot(ALLOW_ALL, "{policy_name: c, capture: content}").id());
  }

  @Test
  void shouldRefuseAnotherWordAndAPolicyThatSaysNothing() {
    final PolicyException word =
        assertThrows(
            PolicyException.class, () -> TestTypes.snapshot("{policy_name: c, capture: all}"));
    assertTrue(word.getMessage().contains("capture"), word.getMessage());
    assertThrows(PolicyException.class, () -> TestTypes.snapshot("{policy_name: c}"));
    assertThrows(
        PolicyException.class,
        () -> TestTypes.snapshot("{policy_name: c, capture: none, rules: []}"));
  }

  /** Against a walk over the documents, in any order. */
  @Test
  void shouldEqualTheLeastOfAllThatHoldWhenPoliciesAreRandom() throws PolicyException {
    final Random random = new Random(11);
    final String[] names = {"a", "b", "c"};
    for (int round = 0; round < 200; round++) {
      final List<String> documents = new ArrayList<>(List.of(ALLOW_ALL));
      final List<String[]> stated = new ArrayList<>();
      for (int i = 0; i < random.nextInt(6); i++) {
        final String team = random.nextBoolean() ? names[random.nextInt(3)] : null;
        final String user = random.nextBoolean() ? names[random.nextInt(3)] : null;
        final String environment = random.nextBoolean() ? names[random.nextInt(3)] : null;
        final Capture level = Capture.values()[random.nextInt(3)];
        stated.add(new String[] {team, user, environment, level.name()});
        documents.add(
            "{policy_name: p%d, capture: %s%s%s%s}"
                .formatted(
                    i,
                    level.name().toLowerCase(Locale.ROOT),
                    team == null ? "" : ", team: " + team,
                    user == null ? "" : ", user: " + user,
                    environment == null ? "" : ", environment: " + environment));
      }
      final Snapshot snapshot = TestTypes.snapshot(documents.toArray(String[]::new));
      for (int call = 0; call < 10; call++) {
        final String[] who = {
          names[random.nextInt(3)], names[random.nextInt(3)], names[random.nextInt(3)]
        };
        final Capture expected =
            stated.stream()
                .filter(
                    one ->
                        (one[0] == null || one[0].equals(who[0]))
                            && (one[1] == null || one[1].equals(who[1]))
                            && (one[2] == null || one[2].equals(who[2])))
                .map(one -> Capture.valueOf(one[3]))
                .min(Capture::compareTo)
                .orElse(Capture.COMMITMENTS);
        assertEquals(
            expected,
            capture(snapshot, TestTypes.facts("m").team(who[0]).user(who[1]).environment(who[2])),
            () -> documents.toString());
      }
    }
  }
}
