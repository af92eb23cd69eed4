package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A condition read without parsing, after one that differs in literals, means what it says. */
final class ConditionTemplateTest {
  private static final long SEED = 77L;
  private static final int CONDITIONS = 400;
  private static final int CALLS = 10;
  private static final Pattern WHOLE = Pattern.compile("(?<![\\w.\\-\"])\\d{1,3}(?![\\w.\"])");

  private final Random random = new Random(SEED);

  @Test
  void shouldAgreeWithTheInterpreterWhenLiteralsChange() throws Exception {
    final RandomConditions generator = new RandomConditions(random);
    int changed = 0;
    for (int i = 0; i < CONDITIONS; i++) {
      final String text = generator.bool(4);
      FactsSchema.condition(text, TestTypes.TYPES);
      final String other = otherLiterals(text);
      changed += other.equals(text) ? 0 : 1;
      final Condition condition =
          FactsSchema.SHAPES.instance(FactsSchema.condition(other, TestTypes.TYPES));
      for (int j = 0; j < CALLS; j++) {
        final Facts facts = generator.facts();
        assertEquals(
            CelDifferentialTest.oracle(other, facts),
            condition.test(facts),
            () -> other + " after " + text + ", seed " + SEED);
      }
    }
    assertTrue(changed > CONDITIONS / 4, "only " + changed + " conditions had other literals");
  }

  private String otherLiterals(String text) {
    final Matcher matcher = WHOLE.matcher(text);
    final String numbers = matcher.replaceAll(_ -> Integer.toString(random.nextInt(200)));
    return numbers
        .replace("\"gpt-4o\"", random.nextBoolean() ? "\"claude\"" : "\"\"")
        .replace("\"ada\"", "\"acme\"");
  }

  @Test
  void shouldNameThePlaceInItsOwnTextWhenALiteralIsRefused() throws Exception {
    FactsSchema.condition("call.model != \"\" && call.model.matches(\"a+\")", TestTypes.TYPES);
    final String longer = "call.model != \"twelve chars\" && call.model.matches(\"a(\")";
    final Exception refused =
        assertThrows(Exception.class, () -> FactsSchema.condition(longer, TestTypes.TYPES));
    assertTrue(
        refused.getMessage().contains("(at character " + (longer.indexOf("\"a(") + 1) + ")"),
        refused::getMessage);
  }
}
