package io.sealgate.signer;

import io.sealgate.log.LogOrigin;
import io.sealgate.log.NoteException;
import io.sealgate.log.Vkey;
import io.sealgate.signer.token.SigningToken;
import java.security.PublicKey;

/**
 * One log key in one token: the stage that signs with it, and the check of what it signs. Owned by
 * the writer thread, except that any may ask for the key; the check belongs to the stage's thread.
 */
final class SigningSlot {
  private final String name;
  private final int rank;
  private final PublicKey publicKey;
  private final SignStage stage;
  private volatile Vkey key;
  private SignatureCheck check;

  /**
   * Whether the slot's last signature was good, so that the next may be checked beside the commit.
   */
  private boolean trusted;

  /** Whether the log says that this key is its own; a key signs nothing before. */
  private boolean announced;

  /**
   * A slot that can sign.
   *
   * @param rank its place in the order of preference, the first is 0
   */
  SigningSlot(String name, int rank, SigningToken token, SignStage stage) {
    this.name = name;
    this.rank = rank;
    this.publicKey = token.publicKey();
    this.stage = stage;
  }

  /** Takes the name of a shard's key; the old check, if any, is the caller's to close. */
  SignatureCheck moveTo(LogOrigin origin) throws SignerException {
    SignatureCheck old = check;
    key = keyOf(origin);
    check = new SignatureCheck(key);
    return old;
  }

  /** The verifier key of this slot in a shard. */
  Vkey keyOf(LogOrigin origin) throws SignerException {
    try {
      return Vkey.of(origin.name(), publicKey);
    } catch (NoteException e) {
      throw new SignerException(
          ExitCode.CONFIGURATION, name + " cannot sign a log: " + e.getMessage(), e);
    }
  }

  String name() {
    return name;
  }

  int rank() {
    return rank;
  }

  PublicKey publicKey() {
    return publicKey;
  }

  SignStage stage() {
    return stage;
  }

  Vkey key() {
    return key;
  }

  SignatureCheck check() {
    return check;
  }

  boolean announced() {
    return announced;
  }

  void announce() {
    announced = true;
  }

  boolean trusted() {
    return trusted;
  }

  void trust(boolean good) {
    trusted = good;
  }
}
