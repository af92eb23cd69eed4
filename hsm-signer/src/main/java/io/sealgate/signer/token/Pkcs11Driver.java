package io.sealgate.signer.token;

import static org.xipki.pkcs11.wrapper.PKCS11Constants.*;

import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Objects;
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

  private final TokenConfig config;
  private final MessageDigest sha256;
  private Pkcs11Module module;
  private Token token;
  private Session session;
  private long generation;
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
      module.renew(this, generation);
    }
    attach();
  }

  private void attach() throws TokenException {
    module.enter();
    try {
      generation = module.generation();
      token = module.tokenLabelled(config.tokenLabel());
      session = openSession();
      logIn();
      KeyPolicy.check(session, privateKey, config.keyType());
      publicKey = readPublicKey();
    } finally {
      module.leave();
    }
  }

  /** Enters the module, whose handles must be of the life that this driver knows. */
  private void enter() throws TokenException {
    if (session == null) {
      throw new TokenException(
          TokenFault.DEVICE, "token '" + config.tokenLabel() + "' is not connected");
    }
    module.enter();
    if (module.generation() != generation) {
      module.leave();
      throw new TokenException(
          TokenFault.DEVICE, "the module was initialized anew for another of its users");
    }
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
    enter();
    try {
      Session old = session;
      session = openSession();
      closeQuietly(old);
      logIn();
    } finally {
      module.leave();
    }
  }

  @Override
  public void login() throws TokenException {
    enter();
    try {
      logIn();
    } finally {
      module.leave();
    }
  }

  private void logIn() throws TokenException {
    TokenLogin.refuseLastTry(config, tokenInfo());
    try {
      if (tokenInfo().isProtectedAuthenticationPath()) {
        session.login(CKU_USER, null);
      } else {
        try (Pin pin = Pin.read(config.pinFile())) {
          TokenLogin.refuseRefusedPin(config);
          session.login(CKU_USER, pin.chars());
        }
        TokenLogin.accepted(config);
      }
    } catch (PKCS11Exception e) {
      if (e.getErrorCode() != CKR_USER_ALREADY_LOGGED_IN) {
        throw TokenLogin.failure(config, e);
      }
    }
    privateKey = findPrivateKey();
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
    enter();
    try {
      privateKey = findPrivateKey();
    } finally {
      module.leave();
    }
  }

  private PublicKey readPublicKey() throws TokenException {
    try {
      return KeyPolicy.publicKey(session, config.keyLabel(), privateKey, config.keyType());
    } catch (PKCS11Exception e) {
      throw TokenException.of("reading the public key '" + config.keyLabel() + "'", e);
    }
  }

  private long findPrivateKey() throws TokenException {
    try {
      return KeyPolicy.privateKey(session, config.keyLabel());
    } catch (PKCS11Exception e) {
      throw TokenException.of("looking for the private key '" + config.keyLabel() + "'", e);
    }
  }

  @Override
  public byte[] sign(byte[] text) throws TokenException {
    enter();
    try {
      byte[] signature =
          switch (config.keyType()) {
            case P256 ->
                EcForms.derSignature(session.signSingle(ECDSA, privateKey, sha256.digest(text)));
            case ED25519 -> session.signSingle(EDDSA, privateKey, text);
          };
      module.good(this);
      return signature;
    } catch (PKCS11Exception e) {
      throw TokenException.of("signing with key '" + config.keyLabel() + "'", e);
    } catch (GeneralSecurityException e) {
      throw new TokenException(TokenFault.DEVICE, e.getMessage(), e);
    } finally {
      module.leave();
    }
  }

  @Override
  public PublicKey publicKey() {
    if (publicKey == null) {
      throw new IllegalStateException("the token was never connected");
    }
    return publicKey;
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
    if (module == null) {
      return;
    }
    if (session != null) {
      module.enter();
      try {
        if (module.generation() == generation) {
          closeQuietly(session);
        }
      } finally {
        module.leave();
      }
      session = null;
    }
    module.close(this);
    module = null;
  }
}
