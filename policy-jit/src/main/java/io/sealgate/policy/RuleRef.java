package io.sealgate.policy;

/**
 * Names one rule of a snapshot.
 *
 * @param policy the name of its document
 * @param id its id inside the document
 * @param type its kind, for example {@code model_access}
 * @param enforced false if its document is in observe mode
 */
public record RuleRef(String policy, String id, String type, boolean enforced) {
  /** The pseudo rule that decides when no rule admits a call. */
  public static final RuleRef DEFAULT_DENY =
      new RuleRef("sealgate", "default-deny", "default", true);

  @Override
  public String toString() {
    return policy + "/" + id;
  }
}
