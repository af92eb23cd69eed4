package io.sealgate.signer;

import io.sealgate.log.Vkey;

/**
 * Checks the token's signatures on the host, independently of the token. OpenSSL's libcrypto does
 * it about ten times as fast as the JDK, and every batch waits for the check; where the library is
 * absent, or does not agree with the JDK about the first signature, the JDK checks alone. Confined
 * to one thread.
 */
final class SignatureCheck implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SignatureCheck.class.getName());
  private final Vkey key;
  private Libcrypto fast;
  private boolean compared;

  SignatureCheck(Vkey key) {
    this.key = key;
    this.fast = Libcrypto.open(key);
  }

  /** Whether the signature is the key's over the text. */
  boolean good(byte[] text, byte[] signature) {
    if (fast == null) {
      return key.verifies(text, signature);
    }
    boolean good = fast.verifies(text, signature);
    if (!compared || !good) {
      compared = true;
      boolean reference = key.verifies(text, signature);
      if (reference != good) {
        LOG.log(
            System.Logger.Level.WARNING,
            "libcrypto and the JDK disagree about a signature; the JDK checks alone from now on");
        close();
        fast = null;
      }
      return reference;
    }
    return true;
  }

  /** Whether libcrypto is in use. */
  boolean isFast() {
    return fast != null;
  }

  @Override
  public void close() {
    if (fast != null) {
      fast.close();
    }
  }
}
