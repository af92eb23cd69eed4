package io.sealgate.policy;

/** Why a verdict came out as it did. The code goes into records, the text to people. */
public enum Reason {
  ADMITTED("admitted", "A rule admits this call."),
  DEFAULT_DENY("default_deny", "No enforced rule of the organisation admits this call."),
  NOT_ADMITTED_BELOW(
      "not_admitted_below", "A narrower scope states what it admits, and this call is not in it."),
  ACCESS_DENIED("access_denied", "A rule denies this model or tool."),
  CONTENT_BLOCKED("content_blocked", "The call carries content that a content_filter rule blocks."),
  CONTENT_REDACTED("content_redacted", "A content_filter rule redacts part of this call."),
  PII_BLOCKED("pii_blocked", "The call carries personal data that a pii_redaction rule blocks."),
  PII_REDACTED("pii_redacted", "A pii_redaction rule redacts part of this call."),
  RATE_LIMITED("rate_limited", "What a rate_limit rule grants is used up."),
  DAY_COST_REACHED("day_cost_reached", "The spending cap of this UTC day is reached."),
  BUDGET_REACHED("budget_reached", "The budget of this period is used up."),
  TOOL_UNAVAILABLE("tool_unavailable", "The tool failed too often and is rested."),
  SANDBOXED("sandboxed", "A rule sends this call into a sandbox."),
  ROUTE_CONFLICT("route_conflict", "Two rules send this call to different targets."),
  APPROVAL_NEEDED("approval_needed", "A rule asks for approval of this call.");

  private final String code;
  private final String text;

  Reason(String code, String text) {
    this.code = code;
    this.text = text;
  }

  /** A stable identifier in snake case. */
  public String code() {
    return code;
  }

  /** One English sentence that names nothing of the call's content. */
  public String text() {
    return text;
  }
}
