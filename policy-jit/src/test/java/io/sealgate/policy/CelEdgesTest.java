package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.policy.cel.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CelEdgesTest {
  private static Condition compile(String text) throws RefusedException {
    return FactsSchema.SHAPES.instance(FactsSchema.condition(text, TestTypes.TYPES));
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
          call.body_bytes < 5.5 && call.body_bytes > 4u              ; 1
          call.model < "y" && "\\uE000" < call.model                 ; 0
          call.model + "a" == "x\\U0001F600ya"                       ; 1
          call.model.matches(call.provider)                          ; 1
          call.model in labels || call.model in [caller.team]        ; 0
          call.body_bytes in [1, call.tools, 5]                      ; 1
          1.5 in [1.5] && call.stream in [false]                     ; 1
          labels.exists(l, l == "EMAIL")                             ; 1
          labels.all(l, l.startsWith("A") || size(l) == 5)           ; 1
          labels.exists(l, 1 / size(call.provider) > 0 || l != "")   ; 1
          labels.map(l, size(l)) == [5, 7]                           ; 1
          labels.filter(l, l in ["EMAIL"]).size() == 1               ; 1
          labels.exists_one(l, l.contains("_")) && labels[0] != ""   ; 1
          labels[2] == ""                                            ; 2
          1u == 1u && b"a" + b"b" == b"ab"                           ; 1
          dyn(1) == 1.0 && type(1) == int && null == null            ; 1
          timestamp(0) < timestamp("2026-11-20T23:59:59Z")           ; 1
          timestamp(0).getHours("Europe/Paris") == 1                 ; 1
          duration("1h") + duration("1m") == duration("61m")         ; 1
          string(call.body_bytes) == "5"                             ; 1
          {"a": 1, "b": 2}[call.model.substring(3)] == 1             ; 2
          {"a": {"b": true}}.a.b && has({"a": 1}.a)                  ; 1
          int(call.model) > 0 || true                                ; 1
          int(call.model) > 0                                        ; 2
          """)
  void shouldFollowCelWhenAtTheEdge(String text, int expected) throws Exception {
    assertEquals(expected, compile(text).test(facts()));
    assertEquals(expected, CelDifferentialTest.oracle(text, facts()), "and so does dev.cel");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "call.model",
        "call.model.matches(\"a(\")",
        "call.max_tokens == 1u",
        "findings[call.model] > 0",
        "findings.ssn > 0",
        "\"email\" in labels",
        "has(findings.EMAIL)",
        "size(findings) > 0",
        "call == call",
        "google.protobuf.Int64Value{value: 1} == 1",
        "labels.map(a, labels.map(b, labels.map(c, a + b + c))).size() > 0"
      })
  void shouldRefuseWhenOutsideTheProfile(String text) {
    assertThrows(RefusedException.class, () -> compile(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "!", "-", "[", "call.", "true ? true : ", "true && (", "1 + "})
  void shouldRefuseWhenNestedWithoutEnd(String opening) {
    final String text = opening.repeat(FactsSchema.CONDITION_LENGTH_MAX / opening.length());
    assertThrows(RefusedException.class, () -> compile(text));
    final String closed = "!".repeat(4_000) + "true";
    assertThrows(RefusedException.class, () -> compile("(".repeat(3_000) + closed));
  }

  @Test
  void shouldShareAClassWhenOnlyLiteralsDiffer() throws Exception {
    final Condition one = compile("call.model == \"a\" && findings.EMAIL > 1");
    final Condition two = compile("call.model == \"b\" && findings.API_KEY > 7");
    final Condition other = compile("call.model == \"b\" || findings.API_KEY > 7");
    assertEquals(one.getClass(), two.getClass());
    assertTrue(one.getClass() != other.getClass());
    assertTrue(one.getClass().isHidden());
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

  @Test
  void shouldNameTheMacroWhenAConditionCostsTooMuch() {
    final RefusedException e =
        assertThrows(RefusedException.class, () -> compile("labels.all(a, labels.all(b, a != b))"));
    assertTrue(e.getMessage().contains("a macro over up to 4096 elements, 2 deep"), e::getMessage);
  }

  @Test
  void shouldKeepFieldsAndOptionalsApartWhenShapesAreCompared() throws Exception {
    assertEquals(Condition.TRUE, compile("{\"a\": true, \"b\": false}.a").test(facts()));
    assertEquals(Condition.FALSE, compile("{\"a\": true, \"b\": false}.b").test(facts()));
    assertEquals(Condition.TRUE, compile("dyn([?optional.of(call.tools)]) == [0]").test(facts()));
    assertEquals(Condition.FALSE, compile("dyn([optional.of(call.tools)]) == [0]").test(facts()));
  }
}
