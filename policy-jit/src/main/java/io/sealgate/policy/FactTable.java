package io.sealgate.policy;

import io.sealgate.policy.json.CanonicalJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The names under which facts are written down, and how each is read and set. */
final class FactTable {
  /** One fact. */
  record Entry(
      String name,
      Function<Facts, Object> read,
      BiConsumer<Facts, InputSink> record,
      BiConsumer<Facts, Object> set) {}

  private static final List<Entry> ENTRIES =
      List.of(
          text("agent.id", f -> f.agent, Facts::agent),
          whole("agent.age_days", f -> f.agentAgeDays, Facts::agentAgeDays),
          text("call.dialect", f -> f.dialect, Facts::dialect),
          text("call.model", f -> f.model, Facts::model),
          text("call.provider", f -> f.provider, Facts::provider),
          whole("call.body_bytes", f -> f.bodyBytes, Facts::bodyBytes),
          whole(
              "call.cost_estimate_microusd",
              f -> f.costEstimateMicroDollars,
              Facts::costEstimateMicroDollars),
          whole("call.max_tokens", f -> f.maxTokens, Facts::maxTokens),
          whole("call.messages", f -> f.messageCount, Facts::messageCount),
          whole("call.text_bytes", f -> f.textBytes, Facts::textBytes),
          whole("call.token_estimate", f -> f.tokenEstimate, Facts::tokenEstimate),
          whole("call.tools", f -> f.toolCount, Facts::toolCount),
          new Entry(
              "call.stream",
              f -> f.stream,
              (f, sink) -> sink.flag(f.stream),
              (f, value) -> f.stream((Boolean) value)),
          text("caller.api_key", f -> f.apiKeyId, Facts::apiKeyId),
          text("caller.environment", f -> f.environment, Facts::environment),
          text("caller.org", f -> f.org, Facts::org),
          text("caller.team", f -> f.team, Facts::team),
          text("caller.use_case", f -> f.useCase, Facts::useCase),
          text("caller.user", f -> f.user, Facts::user),
          new Entry(
              "caller.roles",
              f -> new ArrayList<Object>(f.roles),
              FactTable::recordRoles,
              (f, value) -> ((List<?>) value).forEach(role -> f.addRole((String) role))),
          text("tool.name", f -> f.toolName, (f, value) -> f.tool(f.toolServer, value)),
          text("tool.server", f -> f.toolServer, (f, value) -> f.tool(value, f.toolName)),
          new Entry(
              "tool.arguments",
              f -> encode(f.toolArguments),
              FactTable::recordArguments,
              FactTable::setArguments));

  private static final List<Entry> SORTED =
      ENTRIES.stream().sorted(Comparator.comparing(Entry::name)).toList();

  /** Marks a digest that stands for a value that is too large, or too private, for a record. */
  private static final String DIGEST = "$sha256";

  /** A text of more UTF-16 units is recorded as its digest. */
  private static final int TEXT_LENGTH_MAX = 256;

  private static final int ROLES_RECORDED_MAX = 64;

  /** The names of all facts. */
  static final Set<String> NAMES =
      ENTRIES.stream().map(Entry::name).collect(Collectors.toCollection(TreeSet::new));

  /** Marks a whole number that JSON does not hold exactly, written as text. */
  private static final String INT = "$int";

  /** Marks a mapping that would look like one of the marks. */
  private static final String MAP = "$map";

  private FactTable() {}

  private static Entry text(
      String name, Function<Facts, String> read, BiConsumer<Facts, String> set) {
    return new Entry(
        name,
        read::apply,
        (facts, sink) -> recordText(read.apply(facts), sink),
        (facts, value) -> set.accept(facts, (String) value));
  }

  private static Entry whole(String name, ToLongFunction<Facts> read, BiConsumer<Facts, Long> set) {
    return new Entry(
        name,
        facts -> DecisionInputs.asWritten(read.applyAsLong(facts)),
        (facts, sink) -> DecisionInputs.record(read.applyAsLong(facts), sink),
        (facts, value) -> set.accept(facts, DecisionInputs.asRead(value)));
  }

  private static void recordText(String text, InputSink sink) {
    if (text.length() <= TEXT_LENGTH_MAX) {
      sink.text(text);
    } else {
      recordDigest(text, sink);
    }
  }

  private static void recordDigest(String text, InputSink sink) {
    sink.beginObject();
    sink.name(DIGEST);
    sink.text(Digests.sha256Hex(text));
    sink.endObject();
  }

  private static void recordRoles(Facts facts, InputSink sink) {
    if (facts.roles.size() > ROLES_RECORDED_MAX) {
      recordDigest(CanonicalJson.write(facts.roles), sink);
      return;
    }
    sink.beginArray();
    for (int i = 0; i < facts.roles.size(); i++) {
      sink.text(facts.roles.get(i));
    }
    sink.endArray();
  }

  /** What a tool is told is not for the log, which nobody can erase. */
  private static void recordArguments(Facts facts, InputSink sink) {
    if (facts.toolArguments.isEmpty()) {
      sink.beginObject();
      sink.endObject();
    } else {
      recordDigest(CanonicalJson.write(encode(facts.toolArguments)), sink);
    }
  }

  /** Writes the facts for a record; allocates only where a value is large. */
  static void record(Facts facts, InputSink sink) {
    sink.beginObject();
    for (int i = 0; i < SORTED.size(); i++) {
      sink.name(SORTED.get(i).name());
      SORTED.get(i).record().accept(facts, sink);
    }
    sink.endObject();
  }

  /** The first fact of which only a digest was recorded, if there is one. */
  static Optional<String> digested(Map<?, ?> values) {
    return SORTED.stream()
        .map(Entry::name)
        .filter(
            name ->
                values.get(name) instanceof Map<?, ?> map
                    && map.size() == 1
                    && map.containsKey(DIGEST))
        .findFirst();
  }

  private static void setArguments(Facts facts, Object value) {
    final Map<String, Object> arguments = new LinkedHashMap<>();
    ((Map<?, ?>) decode(value)).forEach((key, argument) -> arguments.put((String) key, argument));
    facts.toolArguments(arguments);
  }

  private static Object encode(Object value) {
    return switch (value) {
      case Long n when DecisionInputs.asWritten(n) instanceof String text -> Map.of(INT, text);
      case List<?> list -> {
        final List<Object> items = new ArrayList<>();
        list.forEach(item -> items.add(encode(item)));
        yield items;
      }
      case Map<?, ?> map -> {
        final Map<Object, Object> members = new LinkedHashMap<>();
        map.forEach((key, member) -> members.put(key, encode(member)));
        yield isMark(map) ? Map.of(MAP, members) : members;
      }
      case null, default -> value;
    };
  }

  private static boolean isMark(Map<?, ?> map) {
    return map.size() == 1
        && (map.containsKey(INT) || map.containsKey(MAP) || map.containsKey(DIGEST));
  }

  private static Object decode(Object value) {
    return switch (value) {
      case List<?> list -> {
        final List<Object> items = new ArrayList<>();
        list.forEach(item -> items.add(decode(item)));
        yield items;
      }
      case Map<?, ?> map when isMark(map) && map.containsKey(INT) ->
          Long.valueOf((String) map.get(INT));
      case Map<?, ?> map -> {
        final Map<Object, Object> members = new LinkedHashMap<>();
        final Map<?, ?> plain =
            isMark(map) && map.containsKey(MAP) ? (Map<?, ?>) map.get(MAP) : map;
        plain.forEach((key, member) -> members.put(key, decode(member)));
        yield members;
      }
      case null, default -> value;
    };
  }

  static Map<String, Object> write(Facts facts) {
    final Map<String, Object> values = new LinkedHashMap<>();
    for (final Entry entry : ENTRIES) {
      values.put(entry.name(), entry.read().apply(facts));
    }
    return values;
  }

  /**
   * Sets one fact by its name.
   *
   * @throws ClassCastException if the value has another type than the fact
   */
  static void set(Facts facts, String name, Object value) {
    for (final Entry entry : ENTRIES) {
      if (entry.name().equals(name)) {
        entry.set().accept(facts, value);
      }
    }
  }

  /**
   * @throws IllegalArgumentException if a fact is missing, unknown or of another type
   */
  static void read(Map<?, ?> values, Facts facts) {
    for (final Entry entry : ENTRIES) {
      if (!values.containsKey(entry.name())) {
        throw new IllegalArgumentException("the fact " + entry.name() + " is missing");
      }
      try {
        entry.set().accept(facts, values.get(entry.name()));
      } catch (ClassCastException e) {
        throw new IllegalArgumentException(
            "the fact " + entry.name() + " has another type than it should", e);
      }
    }
    if (values.size() != ENTRIES.size()) {
      throw new IllegalArgumentException("there are facts that this release does not know");
    }
  }
}
