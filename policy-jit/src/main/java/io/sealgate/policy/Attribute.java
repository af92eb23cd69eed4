package io.sealgate.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;

/** What a condition may read of a call: its CEL name, its type and its slot in {@link Facts}. */
enum Attribute {
  MODEL("call.model", Type.STRING, "model"),
  PROVIDER("call.provider", Type.STRING, "provider"),
  DIALECT("call.dialect", Type.STRING, "dialect"),
  STREAM("call.stream", Type.BOOL, "stream"),
  MAX_TOKENS("call.max_tokens", Type.INT, "maxTokens"),
  MESSAGES("call.messages", Type.INT, "messageCount"),
  TOOLS("call.tools", Type.INT, "toolCount"),
  BODY_BYTES("call.body_bytes", Type.INT, "bodyBytes"),
  TEXT_BYTES("call.text_bytes", Type.INT, "textBytes"),
  ORG("caller.org", Type.STRING, "org"),
  TEAM("caller.team", Type.STRING, "team"),
  USER("caller.user", Type.STRING, "user"),
  ENVIRONMENT("caller.environment", Type.STRING, "environment"),
  USE_CASE("caller.use_case", Type.STRING, "useCase"),
  HOUR_UTC("time.hour_utc", Type.INT, "hourUtc"),
  DAY_OF_WEEK("time.day_of_week", Type.INT, "dayOfWeek");

  /** The types of values that the compiler knows. */
  enum Type {
    BOOL(SimpleType.BOOL),
    INT(SimpleType.INT),
    DOUBLE(SimpleType.DOUBLE),
    STRING(SimpleType.STRING);

    final CelType cel;

    Type(CelType cel) {
      this.cel = cel;
    }
  }

  final String celName;
  final Type type;
  final String field;

  Attribute(String celName, Type type, String field) {
    this.celName = celName;
    this.type = type;
    this.field = field;
  }
}
