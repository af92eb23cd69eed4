package io.sealgate.log.witness;

import io.sealgate.log.Vkey;
import java.io.IOException;

/** The key a witness cosigns with, wherever it is kept. Safe for any thread. */
public interface WitnessKey {
  /** The verifier key, of type {@link Vkey.Type#COSIGNATURE_ED25519}. */
  Vkey vkey();

  /**
   * The 64 bytes of an Ed25519 signature.
   *
   * @throws IOException if the key cannot sign now
   */
  byte[] sign(byte[] message) throws IOException;
}
