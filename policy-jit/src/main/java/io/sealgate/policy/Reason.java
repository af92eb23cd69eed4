package io.sealgate.policy;

/** Why a verdict came out as it did. The code goes into records, the text to people. */
public enum Reason {
  ADMITTED("admitted", "A model_access rule admits this call."),
  DEFAULT_DENY("default_deny", "No enforced model_access rule admits this call."),
  CONTENT_BLOCKED("content_blocked", "The call carries content that a content_filter rule blocks."),
  CONTENT_REDACTED("content_redacted", "A content_filter rule redacts part of this call."),
  PII_REDACTED("pii_redacted", "A pii_redaction rule redacts part of this call."),
  RATE_LIMITED("rate_limited", "The request rate that a rate_limit rule grants is used up."),
  DAY_COST_REACHED("day_cost_reached", "The spending cap of this UTC day is reached.");

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
