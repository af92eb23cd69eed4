package io.sealgate.policy.cel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelByteString;
import dev.cel.extensions.CelExtensions;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Our bytecode against dev.cel's planner, on random typed expressions over all types. */
final class CelFuzzTest {
  private static final Map<String, CelType> VARIABLES =
      Map.of(
          "b",
          SimpleType.BOOL,
          "i",
          SimpleType.INT,
          "j",
          SimpleType.INT,
          "u",
          SimpleType.UINT,
          "x",
          SimpleType.DOUBLE,
          "s",
          SimpleType.STRING,
          "t",
          SimpleType.STRING,
          "l",
          ListType.create(SimpleType.INT),
          "m",
          MapType.create(SimpleType.STRING, SimpleType.INT),
          "k",
          ListType.create(SimpleType.STRING));

  private static final FrontEnd.Setting SETTING = setting(true);
  private static final FrontEnd FRONT_END = new FrontEnd(SETTING);
  private static final FrontEnd PARSER = new FrontEnd(setting(false));
  private static final CelRuntime PLANNER =
      CelRuntimeFactory.plannerRuntimeBuilder()
          .setOptions(FrontEnd.options(SETTING))
          .addLibraries(
              CelExtensions.optional(),
              CelExtensions.strings(),
              CelExtensions.math(),
              CelExtensions.lists())
          .build();

  private static FrontEnd.Setting setting(boolean check) {
    final Map<String, CelType> variables = new TreeMap<>(VARIABLES);
    variables.put("w", SimpleType.TIMESTAMP);
    return new FrontEnd.Setting(
        "", variables, List.of(), true, check, SimpleType.DYN, 60_000, Limits.NESTING_MAX);
  }

  @Test
  void shouldAgreeWithThePlannerWhenExpressionsAreRandom() throws Exception {
    fuzz(20261121L, 10_000);
  }

  @Test
  @Tag("long")
  void shouldAgreeWithThePlannerWhenRunForLong() throws Exception {
    // One core takes half an hour: dev.cel parses and checks each expression twice.
    try (ExecutorService cores =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      final List<Future<?>> runs = new ArrayList<>();
      for (long seed = 1; seed <= 100; seed++) {
        final long of = seed;
        runs.add(
            cores.submit(
                () -> {
                  fuzz(of, 10_000);
                  return null;
                }));
      }
      for (final Future<?> run : runs) {
        run.get();
      }
    }
  }

  private static void fuzz(long seed, int count) throws Exception {
    final Random random = new Random(seed);
    final RandomExpressions expressions = new RandomExpressions(random);
    final ShapeCache<Program> shapes = new ShapeCache<>(Program.TARGET);
    int values = 0;
    int errors = 0;
    int refused = 0;
    for (int n = 0; n < count; n++) {
      final String text = expressions.any(1 + random.nextInt(4));
      final Map<String, Object> bindings = bindings(random);
      final String expected;
      try {
        expected = oracle(text, bindings);
      } catch (RefusedException e) {
        refused++;
        continue;
      }
      final Schema checked = new Bound(FRONT_END);
      try {
        final String ours = ours(shapes, checked, text, bindings);
        assertEquals(expected, ours, () -> text + " over " + bindings + " on seed " + seed);
        if (n % 4 == 0) {
          final String dynamic = ours(shapes, new Bound(PARSER), text, bindings);
          assertEquals(
              expected, dynamic, () -> "unchecked " + text + " over " + bindings + " seed " + seed);
        }
        values += expected.equals("error") ? 0 : 1;
        errors += expected.equals("error") ? 1 : 0;
      } catch (RefusedException e) {
        assertTrue(e.getMessage().contains("bytes of code"), () -> text + ": " + e.getMessage());
        refused++;
      }
    }
    assertTrue(
        values > count / 3 && errors > count / 20 && refused < count / 5,
        values + " values, " + errors + " errors, " + refused + " refused");
  }

  private record Bound(FrontEnd frontEnd) implements Schema {
    private static final List<String> NAMES = new ArrayList<>(setting(true).variables().keySet());

    @Override
    public Optional<Expr.Read> variable(String name) {
      final int index = NAMES.indexOf(name);
      return index < 0
          ? Optional.empty()
          : Optional.of(new Expr.Read(Type.VALUE, Access.element(index), null));
    }

    @Override
    public boolean publishes() {
      return false;
    }
  }

  private static Map<String, Object> bindings(Random random) {
    final Map<String, Object> bindings = new HashMap<>();
    final List<Long> ints = List.of(0L, 1L, 5L, -2L, Long.MIN_VALUE, 100L);
    final List<String> texts = List.of("", "a", "ab", "b", "7", "é\uD83D\uDE00");
    bindings.put("b", random.nextBoolean());
    bindings.put("i", ints.get(random.nextInt(ints.size())));
    bindings.put("j", ints.get(random.nextInt(ints.size())));
    bindings.put("u", UnsignedLong.valueOf(random.nextInt(3)));
    bindings.put("x", random.nextInt(5) / 2.0 - 1);
    bindings.put("s", texts.get(random.nextInt(texts.size())));
    bindings.put("t", texts.get(random.nextInt(texts.size())));
    bindings.put("l", ints.subList(random.nextInt(3), 3 + random.nextInt(3)));
    bindings.put("m", Map.of("a", 1L, "b", ints.get(random.nextInt(ints.size()))));
    bindings.put("k", texts.subList(random.nextInt(3), 3 + random.nextInt(3)));
    bindings.put("w", Instant.ofEpochSecond(random.nextLong(4_000_000_000L)));
    return bindings;
  }

  private static String ours(
      ShapeCache<Program> shapes, Schema schema, String text, Map<String, Object> bindings)
      throws RefusedException {
    final Object[] variables = Bound.NAMES.stream().map(n -> value(bindings.get(n))).toArray();
    return show(shapes.instance(Shape.of(schema, text)).evaluate(variables));
  }

  private static Object value(Object bound) {
    return switch (bound) {
      case UnsignedLong u -> new Uint(u.longValue());
      case Map<?, ?> m -> {
        final CelMap map = new CelMap();
        m.forEach(map::put);
        yield map;
      }
      default -> bound;
    };
  }

  private static String oracle(String text, Map<String, Object> bindings) throws RefusedException {
    try {
      return show(PLANNER.createProgram(FRONT_END.check(text)).eval(bindings));
    } catch (CelEvaluationException e) {
      return "error";
    }
  }

  /** One form for the values of both; of errors only that they are. */
  private static String show(Object value) {
    return switch (value) {
      case CelError _ -> "error";
      case UnsignedLong u -> u + "u";
      case Uint u -> u + "u";
      case Double d -> Double.toString(d);
      case CelByteString b -> "b" + new String(b.toByteArray(), StandardCharsets.ISO_8859_1);
      case Bytes b -> "b" + new String(b.array(), StandardCharsets.ISO_8859_1);
      case List<?> list -> list.stream().map(CelFuzzTest::show).toList().toString();
      case Map<?, ?> map -> {
        final Map<String, String> sorted = new TreeMap<>();
        map.forEach((k, v) -> sorted.put(show(k), show(v)));
        yield sorted.toString();
      }
      case CelMap map -> {
        final Map<String, String> sorted = new TreeMap<>();
        map.entries().forEach(e -> sorted.put(show(e.key()), show(e.value())));
        yield sorted.toString();
      }
      default -> value.toString();
    };
  }
}
