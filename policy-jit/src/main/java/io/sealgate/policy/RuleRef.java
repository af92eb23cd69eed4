package io.sealgate.policy;

/**
 * Names one rule of a snapshot.
 *
 * @param policy the name of its document
 * @param id its id inside the document
 * @param type its kind, for example {@code model_access}
 * @param enforced false if its document is in observe mode
 * @param phase the group of rules that it belongs to
 * @param scope the node that its document is for, for example {@code acme/team:ml/user:ada}
 * @param control the control that it serves; empty if it names none
 */
public record RuleRef(
    String policy,
    String id,
    String type,
    boolean enforced,
    Phase phase,
    String scope,
    String control) {
  /** The pseudo rule that decides when no rule admits a call. */
  public static final RuleRef DEFAULT_DENY =
      new RuleRef("sealgate", "default-deny", "default", true, Phase.ACCESS, "*", "");

  @Override
  public String toString() {
    return policy + "/" + id;
  }
}
