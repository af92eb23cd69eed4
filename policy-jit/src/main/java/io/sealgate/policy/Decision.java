package io.sealgate.policy;

/** What happens to a call, in rising precedence: of several, the last in this order wins. */
public enum Decision {
  ALLOW,
  MODIFY,
  THROTTLE,
  SANDBOX,
  ESCALATE,
  BLOCK
}
