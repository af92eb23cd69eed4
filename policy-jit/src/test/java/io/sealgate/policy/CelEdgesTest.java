package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CelEdgesTest {
  private static Condition compile(String text) throws CelFrontEnd.RefusedException {
    return new ShapeCache().condition(Shape.of(new CelFrontEnd(TestTypes.TYPES).translate(text)));
  }

  /** max_tokens is the largest long, messages the smallest, tools 0, body_bytes 5. */
  private static Facts facts() {
    final Facts facts =
        TestTypes.facts("x\uD83D\uDE00y")
            .maxTokens(Long.MAX_VALUE)
            .messageCount(Long.MIN_VALUE)
            .bodyBytes(5);
    facts.addFinding(TestTypes.API_KEY, 1);
    facts.addFinding(TestTypes.API_KEY, 1);
    facts.addFinding(TestTypes.EMAIL, 1);
    // Friday 2026-11-20, 23:59:59.999 UTC.
    facts.at(1_795_219_199_999L);
    return facts;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          call.max_tokens + 1 > 0                                    ; 2
          call.max_tokens + 0 > 0                                    ; 1
          call.messages - 1 < 0                                      ; 2
          -call.messages > 0                                         ; 2
          -call.max_tokens < 0                                       ; 1
          call.messages / -1 > 0                                     ; 2
          call.messages * -1 > 0                                     ; 2
          call.max_tokens * 2 > 0                                    ; 2
          call.max_tokens * -1 < 0                                   ; 1
          5 / call.tools == 0                                        ; 2
          5 % call.tools == 0                                        ; 2
          -7 / 2 == -3 && -7 % 2 == -1                               ; 1
          1 / call.tools > 0 && false                                ; 0
          false && 1 / call.tools > 0                                ; 0
          1 / call.tools > 0 || true                                 ; 1
          true || 1 / call.tools > 0                                 ; 1
          1 / call.tools > 0 && true                                 ; 2
          1 / call.tools > 0 || false                                ; 2
          1 / call.tools > 0 && 1 % call.tools > 0                   ; 2
          (1 / call.tools > 0 && false) || call.body_bytes == 5      ; 1
          !(1 / call.tools > 0 && call.stream)                       ; 1
          !(1 / call.tools > 0)                                      ; 2
          call.stream ? 1 / call.tools > 0 : true                    ; 1
          1 / call.tools > 0 ? true : true                           ; 2
          (call.stream ? 1 / call.tools : 4) == 4                    ; 1
          ((1 / call.tools > 0) == true) || true                     ; 1
          size(call.model) == 3 && call.model.size() == 3            ; 1
          call.model == "x\\U0001F600y"                              ; 1
          call.model.matches("^x.y$")                                ; 1
          call.model.matches("y")                                    ; 1
          call.model.endsWith("y") && call.model.startsWith("")      ; 1
          call.body_bytes in [1, 5, 3]                               ; 1
          call.body_bytes + 1 in [1, 5, 3]                           ; 0
          call.max_tokens + 1 in [1]                                 ; 2
          caller.team in ["ml", "ops"]                               ; 1
          findings.API_KEY == 2 && findings["EMAIL"] == 1            ; 1
          findings.CREDIT_CARD == 0                                  ; 1
          "API_KEY" in labels && !("US_SSN" in labels)               ; 1
          size(labels) == 2                                          ; 1
          time.hour_utc == 23 && time.day_of_week == 5               ; 1
          0.0 / 0.0 == 0.0 / 0.0                                     ; 0
          0.0 / 0.0 != 0.0 / 0.0                                     ; 1
          0.0 / 0.0 < 1.0 || 0.0 / 0.0 >= 1.0                        ; 0
          1.0 / 0.0 > 1e308                                          ; 1
          0.0 == -0.0                                                ; 1
          double(call.body_bytes) * 1.5 == 7.5                       ; 1
          caller.use_case == ""                                      ; 1
          """)
  void shouldFollowCelWhenAtTheEdge(String text, int expected) throws Exception {
    assertEquals(expected, compile(text).test(facts()));
    assertEquals(expected, CelDifferentialTest.oracle(text, facts()), "and so does dev.cel");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "call.max_tokens < 1.5",
        "call.model < \"a\"",
        "call.model + \"a\" == \"b\"",
        "call.model.matches(call.provider)",
        "call.model.matches(\"a(\")",
        "call.model in labels",
        "call.body_bytes in [1, call.tools]",
        "1.5 in [1.5]",
        "call.stream in [true]",
        "findings[call.model] > 0",
        "findings.ssn > 0",
        "\"email\" in labels",
        "has(findings.EMAIL)",
        "labels.exists(l, l == \"EMAIL\")",
        "labels == [\"EMAIL\"]",
        "size(findings) > 0",
        "1u == 1u",
        "b\"a\" == b\"a\"",
        "dyn(1) == 1",
        "dyn(1) == 1.0",
        "type(1) == int",
        "timestamp(0) == timestamp(0)",
        "string(call.max_tokens) == \"1\"",
        "call == call",
        "null == null",
        "{\"a\": 1} == {\"a\": 1}"
      })
  void shouldRefuseWhenOutsideTheProfile(String text) {
    assertThrows(CelFrontEnd.RefusedException.class, () -> compile(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "!", "-", "[", "call.", "true ? true : ", "true && (", "1 + "})
  void shouldRefuseWhenNestedWithoutEnd(String opening) {
    final String text = opening.repeat(CelFrontEnd.CONDITION_LENGTH_MAX / opening.length());
    assertThrows(CelFrontEnd.RefusedException.class, () -> compile(text));
    final String closed = "!".repeat(4_000) + "true";
    assertThrows(CelFrontEnd.RefusedException.class, () -> compile("(".repeat(3_000) + closed));
  }

  @Test
  void shouldShareAClassWhenOnlyLiteralsDiffer() throws Exception {
    final ShapeCache shapes = new ShapeCache();
    final CelFrontEnd frontEnd = new CelFrontEnd(TestTypes.TYPES);
    final Condition one =
        shapes.condition(Shape.of(frontEnd.translate("call.model == \"a\" && findings.EMAIL > 1")));
    final Condition two =
        shapes.condition(
            Shape.of(frontEnd.translate("call.model == \"b\" && findings.API_KEY > 7")));
    final Condition other =
        shapes.condition(
            Shape.of(frontEnd.translate("call.model == \"b\" || findings.API_KEY > 7")));
    assertEquals(one.getClass(), two.getClass());
    assertTrue(one.getClass() != other.getClass());
    assertTrue(one.getClass().isHidden());
    assertEquals(2, shapes.size());
  }

  @Test
  void shouldRefuseWhenTheCodeWouldExceedTheLimit() {
    final StringBuilder text = new StringBuilder("call.model == \"a\"");
    for (int i = 0; i < 20; i++) {
      text.append(" || call.body_bytes").append(" + 1".repeat(20)).append(" == ").append(i);
    }
    final String rule =
        "policy_name: p\nrules:\n  - {type: model_access, models: [a], when: '" + text + "'}\n";
    final PolicyException e = assertThrows(PolicyException.class, () -> TestTypes.document(rule));
    assertTrue(e.problem().contains("7500 bytes"), e::getMessage);
    assertEquals(3, e.line());
  }
}
