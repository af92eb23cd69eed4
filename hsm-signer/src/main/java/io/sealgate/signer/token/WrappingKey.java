package io.sealgate.signer.token;

import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKK_AES;
import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKM_AES_KEY_GEN;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Token;

/**
 * An AES-256 key in a token that encrypts other keys and never leaves it ({@code CKM_AES_GCM}, NIST
 * SP 800-38D, 96-bit random nonce, 128-bit tag).
 *
 * <p>It is used a few times a day, so each use finds token and key anew and holds nothing between
 * two: a token that was away needs no recovery here. Any thread; a use blocks as long as the module
 * takes.
 */
public final class WrappingKey {
  /** Bytes that wrapping adds: nonce and tag. */
  public static final int OVERHEAD_BYTES =
      TokenCipher.NONCE_BYTES + TokenCipher.TAG_BITS / Byte.SIZE;

  private static final int KEY_BYTES = 32;
  private static final int ID_BYTES = 16;

  private final TokenConfig config;
  private final DriverKind driver;
  private final SecureRandom random = new SecureRandom();

  /**
   * A key that need not exist yet.
   *
   * @param config the token, and the key's label; the type in it is that of signing keys and of no
   *     concern here
   */
  public WrappingKey(TokenConfig config, DriverKind driver) {
    this.config = Objects.requireNonNull(config);
    this.driver = Objects.requireNonNull(driver);
  }

  /** CKA_LABEL of the key. */
  public String label() {
    return config.keyLabel();
  }

  /**
   * Makes the key in its token unless one with its label is there.
   *
   * @return whether the key was made by this call
   */
  public boolean ensure() throws TokenException {
    return use(
        true,
        (session, token) -> {
          if (find(session, 1).length > 0) {
            return false;
          }
          session.generateKey(
              new Mechanism(CKM_AES_KEY_GEN),
              AttributeVector.newSecretKey(CKK_AES)
                  .valueLen(KEY_BYTES)
                  .label(config.keyLabel())
                  .id(session.generateRandom(ID_BYTES))
                  .token(true)
                  .private_(true)
                  .sensitive(true)
                  .extractable(false)
                  .encrypt(true)
                  .decrypt(true)
                  .sign(false)
                  .verify(false)
                  .wrap(false)
                  .unwrap(false)
                  .derive(false));
          return true;
        });
  }

  /**
   * Encrypts a key.
   *
   * @param context what the key is for; unwrapping asks for the same bytes
   * @return nonce, ciphertext and tag, {@link #OVERHEAD_BYTES} longer than the key
   */
  public byte[] wrap(byte[] key, byte[] context) throws TokenException {
    byte[] nonce = new byte[TokenCipher.NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = run(cipher -> cipher.encrypt(nonce, context, key));
    byte[] wrapped = Arrays.copyOf(nonce, nonce.length + sealed.length);
    System.arraycopy(sealed, 0, wrapped, nonce.length, sealed.length);
    return wrapped;
  }

  /**
   * Decrypts what {@link #wrap} returned; the caller wipes the key.
   *
   * @throws TokenException {@link TokenFault#DEVICE} also where the bytes were not wrapped by this
   *     key for this context
   */
  public byte[] unwrap(byte[] wrapped, byte[] context) throws TokenException {
    if (wrapped.length <= OVERHEAD_BYTES) {
      throw new TokenException(TokenFault.DEVICE, "a wrapped key is cut short");
    }
    byte[] nonce = Arrays.copyOf(wrapped, TokenCipher.NONCE_BYTES);
    byte[] sealed = Arrays.copyOfRange(wrapped, TokenCipher.NONCE_BYTES, wrapped.length);
    return run(cipher -> cipher.decrypt(nonce, context, sealed));
  }

  /** Wraps and unwraps random bytes: a token that lists its keys may yet not use them. */
  public void prove() throws TokenException {
    byte[] probe = new byte[KEY_BYTES];
    random.nextBytes(probe);
    byte[] context = {};
    if (!Arrays.equals(probe, unwrap(wrap(probe, context), context))) {
      throw new TokenException(
          TokenFault.DEVICE, "key '" + config.keyLabel() + "' does not undo its own wrapping");
    }
  }

  private interface CipherUse {
    byte[] with(TokenCipher cipher) throws TokenException, PKCS11Exception;
  }

  private byte[] run(CipherUse use) throws TokenException {
    return use(
        false,
        (session, token) -> {
          long[] found = find(session, 2);
          if (found.length != 1) {
            throw new TokenException(
                TokenFault.DEVICE,
                "not exactly one secret key of token '"
                    + config.tokenLabel()
                    + "' is labelled '"
                    + config.keyLabel()
                    + "'; ./sealgate key init makes it where there is none");
          }
          KeyPolicy.checkWrapping(session, found[0]);
          return use.with(
              switch (driver) {
                case IPKCS11WRAPPER -> new TokenCipher.Wrapper(session, found[0]);
                case SUNPKCS11 -> new TokenCipher.Sun(config, token);
              });
        });
  }

  private long[] find(Session session, int most) throws PKCS11Exception {
    long[] found =
        session.findObjectsSingle(AttributeVector.newSecretKey().label(config.keyLabel()), most);
    return found == null ? new long[0] : found;
  }

  private interface SessionUse<T> {
    T in(Session session, Token token) throws TokenException, PKCS11Exception;
  }

  private <T> T use(boolean write, SessionUse<T> use) throws TokenException {
    try (Pkcs11Module module = Pkcs11Module.open(config.module())) {
      long generation = module.generation();
      try {
        return use(module, write, use);
      } catch (TokenGoneException e) {
        // As the signing key's ladder does: some modules find a token again only when initialized.
        module.renew(this, generation);
        return use(module, write, use);
      }
    } catch (PKCS11Exception e) {
      throw TokenException.of("using key '" + config.keyLabel() + "'", e);
    } catch (TokenGoneException e) {
      throw e.cause;
    }
  }

  private <T> T use(Pkcs11Module module, boolean write, SessionUse<T> use)
      throws TokenException, PKCS11Exception, TokenGoneException {
    module.enter();
    try {
      Token token;
      try {
        token = module.tokenLabelled(config.tokenLabel());
      } catch (TokenException e) {
        if (e.fault() == TokenFault.FATAL) {
          throw e;
        }
        throw new TokenGoneException(e);
      }
      Session session = token.openSession(write);
      try {
        TokenKeys.logIn(session, token, config);
        return use.in(session, token);
      } finally {
        session.closeSession();
      }
    } finally {
      module.leave();
    }
  }

  /** The module does not show the token. */
  private static final class TokenGoneException extends Exception {
    private static final long serialVersionUID = 1L;

    private final TokenException cause;

    TokenGoneException(TokenException cause) {
      super(cause);
      this.cause = cause;
    }
  }
}
