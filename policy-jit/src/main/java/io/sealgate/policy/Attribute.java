package io.sealgate.policy;

import io.sealgate.policy.cel.Type;

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
  DAY_OF_WEEK("time.day_of_week", Type.INT, "dayOfWeek"),
  AGENT("agent.id", Type.STRING, "agent"),
  AGENT_AGE_DAYS("agent.age_days", Type.INT, "agentAgeDays"),
  TOOL_SERVER("tool.server", Type.STRING, "toolServer"),
  TOOL_NAME("tool.name", Type.STRING, "toolName"),
  TOKEN_ESTIMATE("call.token_estimate", Type.INT, "tokenEstimate"),
  COST_ESTIMATE("call.cost_estimate_microusd", Type.INT, "costEstimateMicroDollars");

  final String celName;
  final Type type;
  final String field;

  Attribute(String celName, Type type, String field) {
    this.celName = celName;
    this.type = type;
    this.field = field;
  }
}
