package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the lint says of random rules holds for random calls. */
final class PolicyLintTest {
  private static final long SEED = 20261121L;
  private static final Pattern WARNING =
      Pattern.compile("the rule p/(r[0-9]+) (can never match|can never admit|changes nothing)");
  private final Random random = new Random(SEED);

  private String any(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String term() {
    return switch (random.nextInt(6)) {
      case 0 -> "call.tools " + any("<", "<=", ">", ">=", "==", "!=") + " " + random.nextInt(4);
      case 1 -> random.nextInt(4) + any(" < ", " >= ", " != ") + "call.tools";
      case 2 -> "call.messages in [" + random.nextInt(3) + ", " + random.nextInt(3) + "]";
      case 3 -> "caller.user " + any("==", "!=") + " \"" + any("ada", "bob") + "\"";
      case 4 -> "caller.user in [\"" + any("ada", "bob", "eve") + "\", \"bob\"]";
      default -> any("call.stream", "!call.stream", "1 / call.tools > 0", "false");
    };
  }

  private String rule(int number) {
    final StringBuilder rule = new StringBuilder("{type: model_access, id: r").append(number);
    rule.append(", action: ").append(any("allow", "allow", "deny"));
    rule.append(", models: ['").append(any("*", "gpt-*", "gpt-4", "claude")).append("']");
    rule.append(any("", "", ", teams: [a]", ", teams: [a, b]", ", roles: [x]"));
    rule.append(any("", "", ", providers: [openai]"));
    if (random.nextBoolean()) {
      rule.append(", when: '").append(term());
      for (int i = random.nextInt(3); i > 0; i--) {
        rule.append(" && ").append(term());
      }
      rule.append("'");
    }
    return rule.append("}").toString();
  }

  private Facts facts() {
    final Facts facts = new Facts();
    facts
        .org("acme")
        .model(any("gpt-4", "gpt-5", "claude", "z"))
        .provider(any("openai", "other"))
        .team(any("a", "b", "c"))
        .user(any("ada", "bob", "eve"))
        .stream(random.nextBoolean())
        .toolCount(random.nextInt(5))
        .messageCount(random.nextInt(4));
    return random.nextBoolean() ? facts.addRole("x") : facts;
  }

  private static PolicySet set(List<String> rules) throws PolicyException {
    return PolicySet.of(
        "acme",
        List.of(TestTypes.document("policy_name: p\nrules:\n  - " + String.join("\n  - ", rules))),
        TestTypes.TYPES);
  }

  @Test
  void shouldWarnOnlyOfWhatHolds() throws PolicyException {
    final LimitState limits = new LimitState(10);
    final Verdict with = new Verdict();
    final Verdict without = new Verdict();
    final int[] seen = new int[3];
    for (int i = 0; i < 300; i++) {
      final List<String> rules = new ArrayList<>();
      rules.add("{type: rate_limit, id: keep, requests: 1, window_seconds: 9}");
      for (int number = 1; number < 2 + random.nextInt(6); number++) {
        rules.add(rule(number));
      }
      final PolicySet set = set(rules);
      for (final String warning : PolicyLint.warnings(set)) {
        final Matcher parts = WARNING.matcher(warning);
        assertTrue(parts.find(), warning);
        final String name = "p/" + parts.group(1);
        final List<String> rest = new ArrayList<>(rules);
        rest.removeIf(rule -> rule.contains("id: " + parts.group(1) + ","));
        final PolicySet shorter = set(rest);
        final String context = warning + "\n" + String.join("\n", rules) + "\nseed " + SEED;
        for (int call = 0; call < 60; call++) {
          final Facts facts = facts();
          set.snapshot().evaluate(facts, limits, 0, with);
          switch (parts.group(2)) {
            case "can never match" -> {
              seen[0]++;
              for (int m = 0; m < with.matchedCount(); m++) {
                assertNotEquals(name, with.matched(m).toString(), context);
              }
              for (int e = 0; e < with.errorCount(); e++) {
                assertNotEquals(name, with.error(e).toString(), context);
              }
            }
            case "can never admit" -> {
              seen[1]++;
              assertNotEquals(name, with.decidingRule().toString(), context);
            }
            default -> {
              seen[2]++;
              shorter.snapshot().evaluate(facts, limits, 0, without);
              assertEquals(without.done(), with.done(), context);
              assertEquals(without.decision(), with.decision(), context);
            }
          }
        }
      }
    }
    for (final int count : seen) {
      assertTrue(count > 500, "each warning occurred");
    }
  }
}
