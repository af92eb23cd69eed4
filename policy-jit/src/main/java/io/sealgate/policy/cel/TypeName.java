package io.sealgate.policy.cel;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A type as a value. */
record TypeName(String name) {
  private static final Map<String, TypeName> KNOWN =
      Stream.of(
              "bool",
              "int",
              "uint",
              "double",
              "string",
              "bytes",
              "list",
              "map",
              "null_type",
              "type",
              "google.protobuf.Timestamp",
              "google.protobuf.Duration",
              "optional_type")
          .map(TypeName::new)
          .collect(Collectors.toUnmodifiableMap(TypeName::name, Function.identity()));

  /** Null if no type of the profile has the name. */
  static TypeName named(String name) {
    return KNOWN.get(name);
  }

  static TypeName of(Object value) {
    return KNOWN.get(
        switch (value) {
          case Boolean _ -> "bool";
          case Long _ -> "int";
          case Uint _ -> "uint";
          case Double _ -> "double";
          case String _ -> "string";
          case Bytes _ -> "bytes";
          case List<?> _ -> "list";
          case CelMap _ -> "map";
          case Null _ -> "null_type";
          case TypeName _ -> "type";
          case Instant _ -> "google.protobuf.Timestamp";
          case Duration _ -> "google.protobuf.Duration";
          case Optional<?> _ -> "optional_type";
          default -> throw new IllegalStateException("not a CEL value: " + value.getClass());
        });
  }
}
