package io.sealgate.policy;

/**
 * An approved, expiring exception from one restricting rule. It admits nothing: the rule is not
 * applied to the calls in its scope, and the verdict counts that.
 *
 * @param name the name of its document
 * @param approver who answers for it
 * @param reason why it was granted
 * @param expiresEpochMillis from this moment on the rule applies again
 */
public record Exemption(
    String name,
    Category category,
    String approver,
    String reason,
    long expiresEpochMillis,
    Audience audience) {

  /** Why it is not an oversight. */
  public enum Category {
    /** The risk is accepted. */
    WAIVER,
    /** Something else serves the rule's purpose. */
    MITIGATED
  }

  boolean holds(Facts facts) {
    return facts.epochMillis < expiresEpochMillis && audience.holds(facts);
  }
}
