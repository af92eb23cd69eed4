package io.sealgate.policy.cel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.policy.json.JsonReader;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The conformance suite of CEL: every case is right, or refused because it is outside the profile.
 */
final class CelSpecTest {
  /** Per file: right, refused. */
  private static final Map<String, List<Integer>> EXPECTED =
      Map.ofEntries(
          Map.entry("basic", List.of(43, 0)),
          Map.entry("comparisons", List.of(334, 72)),
          Map.entry("conversions", List.of(109, 0)),
          Map.entry("fields", List.of(60, 0)),
          Map.entry("integer_math", List.of(64, 0)),
          Map.entry("lists", List.of(39, 0)),
          Map.entry("logic", List.of(30, 0)),
          Map.entry("macros", List.of(44, 0)),
          Map.entry("namespace", List.of(14, 0)),
          Map.entry("optionals", List.of(59, 11)),
          Map.entry("plumbing", List.of(5, 0)),
          Map.entry("string", List.of(51, 0)),
          Map.entry("string_ext", List.of(213, 3)),
          Map.entry("timestamps", List.of(76, 2)),
          Map.entry("type_deduction", List.of(25, 22)));

  @Test
  void shouldAnswerRightOrRefuseWhenGivenTheSuite() throws Exception {
    final Cases cases = new Cases();
    final Map<String, int[]> counts = new TreeMap<>();
    final List<String> wrong = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(getClass().getResourceAsStream("/cel-spec/cases.jsonl")),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        final Map<?, ?> expected = (Map<?, ?>) JsonReader.readExact(line);
        final Map<?, ?> answer = (Map<?, ?>) JsonReader.readExact(cases.evaluate(line));
        final int[] count = counts.computeIfAbsent((String) expected.get("file"), _ -> new int[2]);
        if (answer.get("status").equals("refused")) {
          count[1]++;
        } else if (isRight(expected, answer)) {
          count[0]++;
        } else {
          wrong.add(line + " -> " + answer);
        }
      }
    }
    assertEquals(List.of(), wrong);
    final Map<String, List<Integer>> listed = new TreeMap<>();
    counts.forEach((file, count) -> listed.put(file, List.of(count[0], count[1])));
    assertEquals(new TreeMap<>(EXPECTED), listed);
  }

  private static boolean isRight(Map<?, ?> expected, Map<?, ?> answer) {
    if (expected.get("evalError") != null) {
      return answer.get("status").equals("error");
    }
    if (!answer.get("status").equals("value")) {
      return false;
    }
    if (expected.get("checkOnly") != null) {
      return expected.get("typedResult").equals(answer.get("typedResult"));
    }
    final Object value =
        expected.containsKey("value") ? expected.get("value") : Map.of("boolValue", true);
    return same(value, answer.get("value"));
  }

  /** Maps have no order; doubles are compared by bits. */
  private static boolean same(Object expected, Object actual) {
    final Map.Entry<?, ?> e = ((Map<?, ?>) expected).entrySet().iterator().next();
    final Map.Entry<?, ?> a = ((Map<?, ?>) actual).entrySet().iterator().next();
    if (!e.getKey().equals(a.getKey())) {
      return false;
    }
    return switch ((String) e.getKey()) {
      case "listValue" -> {
        final List<?> x = (List<?>) e.getValue();
        final List<?> y = (List<?>) a.getValue();
        boolean same = x.size() == y.size();
        for (int i = 0; same && i < x.size(); i++) {
          same = same(x.get(i), y.get(i));
        }
        yield same;
      }
      case "mapValue" ->
          new HashSet<>((List<?>) e.getValue()).equals(new HashSet<>((List<?>) a.getValue()));
      case "doubleValue" -> bits(e.getValue()) == bits(a.getValue());
      default -> Objects.equals(e.getValue(), a.getValue());
    };
  }

  private static long bits(Object number) {
    return Double.doubleToLongBits(
        number instanceof BigDecimal d ? d.doubleValue() : Double.parseDouble((String) number));
  }

  private static String answer(String members) throws Exception {
    return new Cases().evaluate("{" + members.replace('\'', '"') + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(true && 1/0 > 0) == false",
        "1 + [2]",
        "[1, 2].map(x, x / 0)",
        "lists.range(1000).map(x, lists.range(1000).map(y, y)).size()",
        "{1: 2, 1u: 3}",
        "duration('300y')",
        "'abc'.matches('(')",
        "timestamp('2020-13-01T00:00:00Z').getHours('Europe/Nowhere')"
      })
  void shouldAnswerWithAnErrorWhenTheProgramHasOne(String expr) throws Exception {
    final String line = "{\"expr\":\"" + expr + "\"}";
    assertEquals(
        "error", ((Map<?, ?>) JsonReader.readExact(new Cases().evaluate(line))).get("status"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "google.protobuf.Int64Value{value: 1} == 1",
        "ip('10.0.0.1') == ip('10.0.0.1')",
        "cel.block([1], cel.index(0))",
        "TestAllTypes{}",
        "timestamp('2020-01-01T00:00:00Z')",
        "[1] == [1u]",
        "1 +",
        "undeclared"
      })
  void shouldRefuseWhenOutsideTheProfile(String expr) throws Exception {
    final String line = "{\"expr\":\"" + expr + "\"}";
    assertEquals(
        "refused", ((Map<?, ?>) JsonReader.readExact(new Cases().evaluate(line))).get("status"));
  }

  @Test
  void shouldExpandTheMacrosOfExtensionsWhenTheyAreOn() throws Exception {
    final String expr =
        "dyn([3, 1, 2].sortBy(e, -e)) == [3, 2, 1] && {'a': 1}.all(k, v, k == 'a' && v == 1)"
            + " && ['a'].transformMap(i, v, v + 'x') == {0: 'ax'}"
            + " && {'a': 1}.transformMapEntry(k, v, {v: k}) == {1: 'a'}"
            + " && [1, 2, 3].transformList(i, v, i > 0, v * v) == [4, 9]"
            + " && cel.bind(x, 2, x * x) == 4 && math.greatest(1, 2.5, 2u) == 2.5"
            + " && optional.of(1).optMap(x, x + 1).value() == 2";
    assertEquals(
        "{\"status\":\"value\",\"value\":{\"boolValue\":true}}",
        new Cases().evaluate("{\"expr\":\"" + expr + "\"}"));
    assertTrue(
        new Cases()
            .evaluate("{\"expr\":\"[1].exists(x, true)\",\"disableMacros\":true}")
            .contains("refused"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'expr':1",
        "'name':'n'",
        "'expr':'1','bindings':[]",
        "'expr':'x','bindings':{'x':{'int64Value':'y'}}",
        "'expr':'x','bindings':{'x':{'noValue':1}}",
        "'expr':'x','typeEnv':[[['name']]]",
        "'expr':'1','expr':'2'"
      })
  void shouldSayWhatIsWrongWhenALineIsNoCase(String members) {
    assertThrows(BadCaseException.class, () -> answer(members));
  }
}
