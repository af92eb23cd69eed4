package io.sealgate.policy.cel;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The functions of the profile on boxed values: their CEL names and the methods that are them. */
final class Functions {
  /** One name with one number of arguments, the receiver among them. */
  record Function(String name, int arity, ClassDesc owner, String method) {}

  /** What a function's first argument may be written as. */
  private enum Style {
    GLOBAL,
    MEMBER,
    BOTH
  }

  /**
   * Functions that extensions of CEL have and this profile does not, and those of protobuf: a call
   * of one is refused where any other unknown function is an error of the running program.
   */
  private static final Set<String> REFUSED =
      Set.of(
          "ip",
          "cidr",
          "isIP",
          "isCIDR",
          "ip.isCanonical",
          "containsIP",
          "containsCIDR",
          "family",
          "isLoopback",
          "isUnspecified",
          "isGlobalUnicast",
          "isLinkLocalMulticast",
          "isLinkLocalUnicast",
          "masked",
          "prefixLength",
          "proto.getExt",
          "proto.hasExt",
          "getExt",
          "hasExt",
          "cel.block",
          "cel.index",
          "cel.iterVar",
          "cel.accuVar",
          "cel.@block",
          "json.encode",
          "json.decode",
          "regex.replace",
          "regex.extract",
          "regex.extractAll",
          "now",
          "unquote",
          "strings.unquote");

  private static final Map<String, Function> FUNCTIONS = new HashMap<>();
  private static final Set<String> NAMES = new HashSet<>();

  static {
    operators();
    standard();
    texts();
    maths();
    others();
  }

  private Functions() {}

  /** Null if there is none. */
  static Function find(String name, boolean member, int arity) {
    return FUNCTIONS.get(key(name, member, arity));
  }

  static Function operator(String name, int arity) {
    final Function function = find(name, false, arity);
    if (function == null) {
      throw new IllegalArgumentException("no operator " + name);
    }
    return function;
  }

  /** Whether a name with a dot is a function rather than a member call. */
  static boolean isNamespaced(String name) {
    return NAMES.contains(name) || REFUSED.contains(name);
  }

  static boolean isRefused(String name) {
    return REFUSED.contains(name);
  }

  static boolean isKnown(String name) {
    return NAMES.contains(name);
  }

  private static String key(String name, boolean member, int arity) {
    return (member ? "." : "") + name + "/" + arity;
  }

  private static void add(Style style, String name, Class<?> owner, String method) {
    final List<Integer> arities =
        Arrays.stream(owner.getDeclaredMethods())
            .filter(m -> m.getName().equals(method) && Modifier.isPublic(m.getModifiers()))
            .filter(m -> Arrays.stream(m.getParameterTypes()).allMatch(p -> p == Object.class))
            .filter(m -> m.getReturnType() == Object.class)
            .map(m -> m.getParameterCount())
            .toList();
    if (arities.isEmpty()) {
      throw new IllegalStateException("no method is the function " + name);
    }
    for (final int arity : arities) {
      final Function function =
          new Function(name, arity, owner.describeConstable().orElseThrow(), method);
      if (style != Style.MEMBER) {
        FUNCTIONS.put(key(name, false, arity), function);
      }
      if (style != Style.GLOBAL) {
        FUNCTIONS.put(key(name, true, arity), function);
      }
    }
    NAMES.add(name);
  }

  private static void global(Class<?> owner, String... namesAndMethods) {
    for (int i = 0; i < namesAndMethods.length; i += 2) {
      add(Style.GLOBAL, namesAndMethods[i], owner, namesAndMethods[i + 1]);
    }
  }

  private static void member(Class<?> owner, String... names) {
    for (final String name : names) {
      add(Style.MEMBER, name, owner, name);
    }
  }

  private static void operators() {
    global(
        Numbers.class,
        "_+_",
        "add",
        "_-_",
        "subtract",
        "_*_",
        "multiply",
        "_/_",
        "divide",
        "_%_",
        "modulo",
        "-_",
        "negate");
    global(
        Comparison.class,
        "_==_",
        "equal",
        "_!=_",
        "notEqual",
        "_<_",
        "less",
        "_<=_",
        "lessOrEqual",
        "_>_",
        "greater",
        "_>=_",
        "greaterOrEqual");
    global(Logic.class, "!_", "not", "@not_strictly_false", "notStrictlyFalse");
    global(
        Containers.class,
        "@in",
        "in",
        "_[_]",
        "index",
        "_[?_]",
        "optionalIndex",
        "_?._",
        "optionalSelect",
        "cel.@mapInsert",
        "insert",
        "@append",
        "append");
  }

  private static void standard() {
    add(Style.BOTH, "size", Containers.class, "size");
    global(
        Conversions.class,
        "type",
        "type",
        "dyn",
        "dyn",
        "bool",
        "toBool",
        "int",
        "toInt",
        "uint",
        "toUint",
        "double",
        "toDouble",
        "string",
        "toText",
        "bytes",
        "toBytes",
        "base64.encode",
        "base64Encode",
        "base64.decode",
        "base64Decode");
    global(Times.class, "timestamp", "timestamp", "duration", "duration");
    member(
        Times.class,
        "getFullYear",
        "getMonth",
        "getDate",
        "getDayOfMonth",
        "getDayOfYear",
        "getDayOfWeek",
        "getHours",
        "getMinutes",
        "getSeconds",
        "getMilliseconds");
  }

  private static void texts() {
    add(Style.BOTH, "matches", Texts.class, "matches");
    member(
        Texts.class,
        "startsWith",
        "endsWith",
        "contains",
        "charAt",
        "indexOf",
        "lastIndexOf",
        "join",
        "lowerAscii",
        "upperAscii",
        "replace",
        "split",
        "substring",
        "trim",
        "reverse");
    global(Texts.class, "strings.quote", "quote");
    member(Formats.class, "format");
  }

  private static void maths() {
    global(Maths.class, "math.@max", "greatest", "math.@min", "least");
    for (final String name :
        List.of(
            "ceil",
            "floor",
            "round",
            "trunc",
            "isNaN",
            "isInf",
            "isFinite",
            "abs",
            "sign",
            "sqrt",
            "bitAnd",
            "bitOr",
            "bitXor",
            "bitNot",
            "bitShiftLeft",
            "bitShiftRight")) {
      add(Style.GLOBAL, "math." + name, Maths.class, name);
    }
  }

  private static void others() {
    global(
        Optionals.class,
        "optional.none",
        "none",
        "optional.of",
        "of",
        "optional.ofNonZeroValue",
        "ofNonZeroValue",
        "optional.unwrap",
        "unwrap");
    member(Optionals.class, "hasValue", "value", "or", "orValue", "first", "last");
    add(Style.MEMBER, "unwrapOpt", Optionals.class, "unwrap");
    member(Lists.class, "slice", "flatten", "distinct", "sort");
    global(
        Lists.class,
        "lists.range",
        "range",
        "lists.@sortByAssociatedKeys",
        "sortPairs",
        "sets.contains",
        "setContains",
        "sets.equivalent",
        "setEquivalent",
        "sets.intersects",
        "setIntersects");
  }
}
