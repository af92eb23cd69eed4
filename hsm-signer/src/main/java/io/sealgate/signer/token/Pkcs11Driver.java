package io.sealgate.signer.token;

import static org.xipki.pkcs11.wrapper.PKCS11Constants.*;

import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Objects;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.TokenInfo;

/**
 * {@link TokenDriver} on the ipkcs11wrapper library: one session and one key handle, both kept, so
 * that a signature is two calls into the module and nothing else. The library's own session pool
 * asks for the session's state on every use, which costs a network round trip on a network HSM.
 */
public final class Pkcs11Driver implements TokenDriver {
  private static final System.Logger LOG = System.getLogger(Pkcs11Driver.class.getName());
  private static final Mechanism ECDSA = new Mechanism(CKM_ECDSA);
  private static final Mechanism EDDSA = new Mechanism(CKM_EDDSA);

  /** Enough to see that a label is not unique. */
  private static final int FOUND_MAX = 2;

  private final TokenConfig config;
  private final MessageDigest sha256;
  private Pkcs11Module module;
  private Token token;
  private Session session;
  private long privateKey;
  private PublicKey publicKey;

  /** A driver that is not connected yet. */
  public Pkcs11Driver(TokenConfig config) {
    this.config = Objects.requireNonNull(config);
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void connect() throws TokenException {
    if (module == null) {
      module = Pkcs11Module.open(config.module());
    }
    attach();
  }

  @Override
  public void reset() throws TokenException {
    session = null;
    token = null;
    if (module == null) {
      module = Pkcs11Module.open(config.module());
    } else {
      module.reinitialize();
    }
    attach();
  }

  private void attach() throws TokenException {
    token = module.tokenLabelled(config.tokenLabel());
    session = openSession();
    login();
    KeyPolicy.check(session, privateKey, config.keyType());
    publicKey = readPublicKey();
  }

  private Session openSession() throws TokenException {
    try {
      return token.openSession(false);
    } catch (PKCS11Exception e) {
      throw TokenException.of("opening a session with token '" + config.tokenLabel() + "'", e);
    }
  }

  @Override
  public void reopenSession() throws TokenException {
    requireConnected();
    Session old = session;
    session = openSession();
    closeQuietly(old);
    login();
  }

  @Override
  public void login() throws TokenException {
    requireConnected();
    TokenInfo info = tokenInfo();
    refuseLastTry(info);
    try {
      if (info.isProtectedAuthenticationPath()) {
        session.login(CKU_USER, null);
      } else {
        try (Pin pin = Pin.read(config.pinFile())) {
          session.login(CKU_USER, pin.chars());
        }
      }
    } catch (PKCS11Exception e) {
      if (e.getErrorCode() != CKR_USER_ALREADY_LOGGED_IN) {
        throw loginFailure(e);
      }
    }
    findKey();
  }

  private TokenException loginFailure(PKCS11Exception e) {
    String hint =
        e.getErrorCode() == CKR_PIN_INCORRECT
            ? " (the PIN in "
                + config.pinFile()
                + " is not the token's user PIN; mend the file"
                + " before the next start, each wrong try brings the token nearer to its lock)"
            : "";
    TokenException known =
        TokenException.of("logging in to token '" + config.tokenLabel() + "'", e);
    return new TokenException(known.fault(), known.getMessage() + hint, e);
  }

  /** A login with a wrong PIN while one try is left would lock the token. */
  private void refuseLastTry(TokenInfo info) throws TokenException {
    if (info.hasFlagBit(CKF_USER_PIN_LOCKED)) {
      throw fatal("is locked; its security officer must set a new user PIN");
    }
    if (info.hasFlagBit(CKF_USER_PIN_FINAL_TRY)) {
      throw fatal("has one PIN try left; log in by hand with the right PIN to clear the counter");
    }
  }

  private TokenException fatal(String what) {
    return new TokenException(TokenFault.FATAL, "token '" + config.tokenLabel() + "' " + what);
  }

  private TokenInfo tokenInfo() throws TokenException {
    try {
      return token.getTokenInfo();
    } catch (PKCS11Exception e) {
      throw TokenException.of("reading the state of token '" + config.tokenLabel() + "'", e);
    }
  }

  @Override
  public void findKey() throws TokenException {
    requireConnected();
    privateKey = findOne(AttributeVector.newPrivateKey().label(config.keyLabel()), "private");
  }

  private PublicKey readPublicKey() throws TokenException {
    try {
      byte[] id = session.getAttrValues(privateKey, CKA_ID).getByteArrayAttrValue(CKA_ID);
      AttributeVector wanted = AttributeVector.newPublicKey().label(config.keyLabel());
      long handle = findOne(id == null ? wanted : wanted.id(id), "public");
      byte[] point =
          session.getAttrValues(handle, CKA_EC_POINT).getByteArrayAttrValue(CKA_EC_POINT);
      if (point == null) {
        throw fatal("does not show the public point of key '" + config.keyLabel() + "'");
      }
      return EcForms.publicKey(config.keyType(), point);
    } catch (PKCS11Exception e) {
      throw TokenException.of("reading the public key '" + config.keyLabel() + "'", e);
    } catch (GeneralSecurityException e) {
      throw new TokenException(
          TokenFault.FATAL, "public key '" + config.keyLabel() + "' is unusable: " + e, e);
    }
  }

  private long findOne(AttributeVector template, String half) throws TokenException {
    try {
      long[] found = session.findObjectsSingle(template, FOUND_MAX);
      if (found == null || found.length == 0) {
        // A token that lost its objects answers searches with nothing, so this may be the device's
        // trouble.
        throw new TokenException(
            TokenFault.DEVICE,
            "no " + half + " key labelled '" + config.keyLabel() + "' in the token");
      }
      if (found.length > 1) {
        throw fatal("has more than one " + half + " key labelled '" + config.keyLabel() + "'");
      }
      return found[0];
    } catch (PKCS11Exception e) {
      throw TokenException.of("looking for the " + half + " key '" + config.keyLabel() + "'", e);
    }
  }

  @Override
  public byte[] sign(byte[] text) throws TokenException {
    requireConnected();
    try {
      return switch (config.keyType()) {
        case P256 ->
            EcForms.derSignature(session.signSingle(ECDSA, privateKey, sha256.digest(text)));
        case ED25519 -> session.signSingle(EDDSA, privateKey, text);
      };
    } catch (PKCS11Exception e) {
      throw TokenException.of("signing with key '" + config.keyLabel() + "'", e);
    } catch (GeneralSecurityException e) {
      throw new TokenException(TokenFault.DEVICE, e.getMessage(), e);
    }
  }

  @Override
  public PublicKey publicKey() {
    if (publicKey == null) {
      throw new IllegalStateException("the token was never connected");
    }
    return publicKey;
  }

  private void requireConnected() throws TokenException {
    if (session == null) {
      throw new TokenException(
          TokenFault.DEVICE, "token '" + config.tokenLabel() + "' is not connected");
    }
  }

  private static void closeQuietly(Session session) {
    try {
      session.closeSession();
    } catch (PKCS11Exception e) {
      LOG.log(Level.DEBUG, "closing a lost session: {0}", e.getErrorName());
    }
  }

  @Override
  public void close() {
    if (session != null) {
      closeQuietly(session);
      session = null;
    }
    if (module != null) {
      module.close();
      module = null;
    }
  }
}
