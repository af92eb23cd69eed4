package io.sealgate.policy.limit;

/** Whose calls share one counter of a limit. */
public enum Per {
  USER,
  TEAM,
  ORG,
  AGENT,
  TOOL,
  USE_CASE
}
