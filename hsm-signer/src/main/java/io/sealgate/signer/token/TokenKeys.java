package io.sealgate.signer.token;

import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKR_USER_ALREADY_LOGGED_IN;
import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKU_USER;

import java.security.PublicKey;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Token;

/** Makes log keys in tokens that exist. */
public final class TokenKeys {
  private TokenKeys() {}

  /**
   * Makes sure that the token has the key, with the attributes of a log key, and beside a P-256 key
   * the certificate that the JDK's provider needs to find it. What exists is left as it is.
   *
   * @return whether the key was made by this call
   */
  public static boolean ensure(TokenConfig config) throws TokenException {
    try (Pkcs11Module module = Pkcs11Module.open(config.module())) {
      module.enter();
      try {
        return ensure(module.tokenLabelled(config.tokenLabel()), config);
      } finally {
        module.leave();
      }
    } catch (PKCS11Exception e) {
      throw TokenException.of("making key '" + config.keyLabel() + "'", e);
    }
  }

  static boolean ensure(Token token, TokenConfig config) throws TokenException, PKCS11Exception {
    Session session = token.openSession(true);
    try {
      logIn(session, token, config);
      AttributeVector wanted = AttributeVector.newPrivateKey().label(config.keyLabel());
      long[] found = session.findObjectsSingle(wanted, 1);
      boolean absent = found == null || found.length == 0;
      if (absent) {
        KeyPolicy.generate(session, config.keyLabel(), config.keyType());
      }
      if (config.keyType() == KeyType.P256) {
        long privateKey = KeyPolicy.privateKey(session, config.keyLabel());
        PublicKey publicKey =
            KeyPolicy.publicKey(session, config.keyLabel(), privateKey, config.keyType());
        TokenCertificate.ensure(session, config.keyLabel(), privateKey, publicKey);
      }
      return absent;
    } finally {
      session.closeSession();
    }
  }

  static void logIn(Session session, Token token, TokenConfig config)
      throws TokenException, PKCS11Exception {
    TokenLogin.refuseLastTry(config, token.getTokenInfo());
    try {
      if (token.getTokenInfo().isProtectedAuthenticationPath()) {
        session.login(CKU_USER, null);
        return;
      }
      try (Pin pin = Pin.read(config.pinFile())) {
        TokenLogin.refuseRefusedPin(config);
        session.login(CKU_USER, pin.chars());
      }
      TokenLogin.accepted(config);
    } catch (PKCS11Exception e) {
      if (e.getErrorCode() != CKR_USER_ALREADY_LOGGED_IN) {
        throw TokenLogin.failure(config, e);
      }
    }
  }
}
