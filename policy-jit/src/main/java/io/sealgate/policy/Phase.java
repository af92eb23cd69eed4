package io.sealgate.policy;

/** The groups of rules that a decision goes through, in their order. */
public enum Phase {
  /** What the whole organisation forbids. */
  GUARD,
  /** Who may use which model or tool. */
  ACCESS,
  /** Rates and budgets. */
  LIMIT,
  /** What calls and answers may carry. */
  CONTENT,
  /** Where the call goes, or that it goes into a sandbox. */
  ROUTING,
  /** Whose consent it needs. */
  APPROVAL
}
