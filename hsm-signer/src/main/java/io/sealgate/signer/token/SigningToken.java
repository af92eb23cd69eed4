package io.sealgate.signer.token;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A token that is kept able to sign. On a failure it climbs the recovery ladder (new session,
 * login, key, finalize and initialize), each rung at most once for one signature. A fatal fault is
 * remembered: no later call touches the token again, because a repeated wrong login locks it.
 *
 * <p>Owned by one thread.
 */
public final class SigningToken implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SigningToken.class.getName());

  /** A token that is gone is not asked again at once for every batch that waits for it. */
  private static final long RESET_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int NONCE_BYTES = 32;

  private final TokenDriver driver;
  private final KeyType keyType;
  private final PublicKey publicKey;
  private final SecureRandom random = new SecureRandom();
  private TokenException lastFailure;
  private TokenException resetFailure;
  private long resetAllowedAtNanos = System.nanoTime();

  private SigningToken(TokenDriver driver, KeyType keyType) {
    this.driver = driver;
    this.keyType = keyType;
    this.publicKey = driver.publicKey();
  }

  /**
   * Connects a driver and proves that the token can sign. On failure the driver is closed.
   *
   * @throws TokenException what is wrong, in words for the operator
   */
  public static SigningToken open(TokenDriver driver, KeyType keyType) throws TokenException {
    Objects.requireNonNull(keyType);
    try {
      driver.connect();
      SigningToken token = new SigningToken(driver, keyType);
      token.prove();
      return token;
    } catch (TokenException | RuntimeException e) {
      driver.close();
      throw e;
    }
  }

  /**
   * As {@link #open}, for a token that was away: a module that knows only the tokens that it saw
   * when it was initialized is initialized anew, which its other users notice and get over.
   */
  public static SigningToken openAfresh(TokenDriver driver, TokenConfig config)
      throws TokenException {
    try {
      try {
        driver.connect();
      } catch (TokenException e) {
        if (e.fault() == TokenFault.FATAL) {
          throw e;
        }
        driver.reset();
      }
      SigningToken token = new SigningToken(driver, config.keyType());
      token.prove();
      return token;
    } catch (TokenException | RuntimeException e) {
      driver.close();
      throw e;
    }
  }

  /** The public half of the log key; it never changes while this object lives. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /**
   * Signs a text, recovering the token on the way if it can be.
   *
   * @return the signature as {@link TokenDriver#sign} describes it
   * @throws TokenException the last failure; the next call tries again unless it is {@link
   *     TokenFault#FATAL}
   */
  public byte[] sign(byte[] text) throws TokenException {
    refuseAfterFatal();
    TokenFault rung = null;
    while (true) {
      try {
        byte[] signature = driver.sign(text);
        lastFailure = null;
        return signature;
      } catch (TokenException e) {
        rung = climb(e, rung);
      }
    }
  }

  /**
   * A real signature over a fresh nonce, checked with the public key. Session queries are no proof
   * of health: a token whose keys are gone still answers them.
   */
  public void prove() throws TokenException {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    // No checkpoint: the second line of one is a decimal number.
    byte[] text =
        ("sealgate token proof\nnonce " + HexFormat.of().formatHex(nonce) + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] signature = sign(text);
    try {
      Signature verifier = Signature.getInstance(keyType.jcaSignature());
      verifier.initVerify(publicKey);
      verifier.update(text);
      if (!verifier.verify(signature)) {
        throw new TokenException(
            TokenFault.DEVICE, "the token's signature does not verify with its public key");
      }
    } catch (GeneralSecurityException e) {
      throw new TokenException(
          TokenFault.DEVICE, "the token's signature cannot be checked: " + e.getMessage(), e);
    }
  }

  private void refuseAfterFatal() throws TokenException {
    if (lastFailure != null && lastFailure.fault() == TokenFault.FATAL) {
      throw new TokenException(
          TokenFault.FATAL,
          lastFailure.getMessage() + "; mend it and restart the signer",
          lastFailure);
    }
  }

  /**
   * Takes the rung that the failure asks for, or the next one above the last; returns the rung
   * taken.
   */
  private TokenFault climb(TokenException failure, TokenFault last) throws TokenException {
    // Said once when the trouble starts, not again for every batch that meets it.
    Level level = lastFailure == null ? Level.WARNING : Level.DEBUG;
    lastFailure = failure;
    TokenFault rung = failure.fault();
    if (last != null && rung.compareTo(last) <= 0) {
      rung = TokenFault.values()[last.ordinal() + 1];
    }
    while (true) {
      if (rung == TokenFault.FATAL) {
        // Above the reset there is nothing; only a failure that is fatal itself stops later
        // attempts.
        throw failure;
      }
      LOG.log(level, "{0}; recovering by {1}", failure.getMessage(), rung);
      try {
        recover(rung);
        return rung;
      } catch (TokenException e) {
        lastFailure = e;
        if (e.fault() == TokenFault.FATAL || rung == TokenFault.DEVICE) {
          throw e;
        }
        failure = e;
        rung = TokenFault.DEVICE;
      }
    }
  }

  private void recover(TokenFault rung) throws TokenException {
    switch (rung) {
      case SESSION -> driver.reopenSession();
      case LOGIN -> driver.login();
      case OBJECT -> driver.findKey();
      case DEVICE -> reset();
      case FATAL -> throw new IllegalArgumentException("a fatal fault has no recovery");
    }
  }

  private void reset() throws TokenException {
    if (System.nanoTime() - resetAllowedAtNanos < 0) {
      throw resetFailure == null ? lastFailure : resetFailure;
    }
    try {
      driver.reset();
      resetFailure = null;
    } catch (TokenException e) {
      resetFailure = e;
      throw e;
    } finally {
      resetAllowedAtNanos = System.nanoTime() + RESET_PAUSE_NANOS;
    }
    if (!driver.publicKey().equals(publicKey)) {
      throw new TokenException(
          TokenFault.FATAL, "the token came back with another key; put the right token back");
    }
  }

  @Override
  public void close() {
    driver.close();
  }
}
