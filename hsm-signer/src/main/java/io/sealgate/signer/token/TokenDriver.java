package io.sealgate.signer.token;

import java.security.PublicKey;

/**
 * One signing key in one PKCS#11 token, behind whatever library reaches it. Every method belongs to
 * one thread at a time. A driver does what it is told once and reports; the recovery ladder is
 * {@link SigningToken}'s.
 */
public interface TokenDriver extends AutoCloseable {
  /**
   * Initializes the module, finds the token by its label, opens a session, logs in once and finds
   * the key, whose attributes must be those of a key that cannot leave the token.
   *
   * @throws TokenException {@link TokenFault#FATAL} for what only a person can mend (PIN, key
   *     attributes)
   */
  void connect() throws TokenException;

  /**
   * Signs a text with cached handles.
   *
   * @param text the whole signed text
   * @return a minimal DER ECDSA-Sig-Value for {@link KeyType#P256}, 64 bytes for {@link
   *     KeyType#ED25519}
   */
  byte[] sign(byte[] text) throws TokenException;

  /** Drops the session, opens another and finds the key again. */
  void reopenSession() throws TokenException;

  /** Logs in once and finds the key again. */
  void login() throws TokenException;

  /** Finds the key again in the present session. */
  void findKey() throws TokenException;

  /** Finalizes the module, whatever state it is in, and connects again. */
  void reset() throws TokenException;

  /** The public half of the key found by the last {@link #connect}. */
  PublicKey publicKey();

  /** Closes the session and finalizes the module; never throws. */
  @Override
  void close();
}
