package io.sealgate.signer.token;

/** The key types a log can be signed with (C2SP signed-note). */
public enum KeyType {
  /** ECDSA on P-256 over SHA-256, note type 0x02; every HSM has it. */
  P256("SHA256withECDSA"),
  /** Ed25519, note type 0x01; needs {@code CKM_EDDSA}; what public witnesses ask for. */
  ED25519("Ed25519");

  private final String jcaSignature;

  KeyType(String jcaSignature) {
    this.jcaSignature = jcaSignature;
  }

  /**
   * The JDK's name of the algorithm that checks signatures in the form {@link TokenDriver#sign}
   * returns.
   */
  public String jcaSignature() {
    return jcaSignature;
  }
}
