package io.sealgate.policy;

/**
 * What an exemption claims: that its approver signed it. Whether that is so is for those to check
 * who know the approvers' keys. Immutable.
 *
 * @param rule the {@code policy/rule} that it lifts
 * @param approver who is said to have signed it
 * @param expiresEpochMillis from this moment on it is void
 * @param message what is signed, as UTF-8: the document as canonical JSON (RFC 8785) without its
 *     signature
 * @param signature base64 (RFC 4648, section 4); empty if it is not signed yet
 * @param line of the document where the signature is, or should be
 */
public record ExemptionClaim(
    String rule,
    String approver,
    long expiresEpochMillis,
    String message,
    String signature,
    int line) {
  /** The field that holds the signature. */
  public static final String SIGNATURE = "signature";

  /** Whether there is a signature, good or not. */
  public boolean isSigned() {
    return !signature.isEmpty();
  }
}
