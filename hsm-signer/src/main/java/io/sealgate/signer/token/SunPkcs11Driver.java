package io.sealgate.signer.token;

import java.io.IOException;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.LoginException;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.TokenInfo;

/**
 * {@link TokenDriver} on the JDK's SunPKCS11 provider, which does login, sessions and signatures.
 * The provider has no Ed25519, finds a token by slot number only, cannot initialize a module anew
 * and hides a key's attributes; for label, {@code C_Finalize} and key policy this driver therefore
 * goes to the module itself. The provider shows a private key only beside a certificate of the same
 * CKA_ID, see {@link TokenCertificate}.
 */
public final class SunPkcs11Driver implements TokenDriver {
  private static final Pattern RETURN_VALUE = Pattern.compile("CKR_[A-Z0-9_]+");
  private static final int FAILURE_DEPTH_MAX = 8;

  private final TokenConfig config;
  private Pkcs11Module module;
  private Token token;
  private AuthProvider provider;
  private PrivateKey privateKey;
  private PublicKey publicKey;
  private Signature signer;
  private long generation;

  /**
   * A driver that is not connected yet.
   *
   * @throws TokenException {@link TokenFault#FATAL} for a key type that the provider does not have
   */
  public SunPkcs11Driver(TokenConfig config) throws TokenException {
    this.config = Objects.requireNonNull(config);
    if (config.keyType() != KeyType.P256) {
      throw new TokenException(
          TokenFault.FATAL,
          "the JDK's PKCS#11 provider has no Ed25519; use a P-256 key, or the driver"
              + " 'ipkcs11wrapper'");
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
    signer = null;
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
      openProvider();
    } finally {
      module.leave();
    }
  }

  /** A provider of its own for every life of a session: the old one's are gone. */
  private void openProvider() throws TokenException {
    try {
      provider = provider(config, token);
      logIn();
    } catch (ProviderException e) {
      throw failure("opening the provider", e);
    }
  }

  /** The JDK's provider for one token. */
  static AuthProvider provider(TokenConfig config, Token token) throws TokenException {
    Provider base = Security.getProvider("SunPKCS11");
    if (base == null) {
      throw new TokenException(TokenFault.FATAL, "this JDK has no SunPKCS11 provider");
    }
    return (AuthProvider)
        base.configure(
            "--name=sealgate\nlibrary = "
                + config.module()
                + "\nslot = "
                + token.getSlot().getSlotID()
                + "\n");
  }

  private void logIn() throws TokenException {
    TokenInfo info;
    try {
      info = token.getTokenInfo();
    } catch (PKCS11Exception e) {
      throw TokenException.of("reading the state of token '" + config.tokenLabel() + "'", e);
    }
    TokenLogin.refuseLastTry(config, info);
    try (Pin pin = info.isProtectedAuthenticationPath() ? null : Pin.read(config.pinFile())) {
      if (pin != null) {
        TokenLogin.refuseRefusedPin(config);
      }
      provider.login(null, callbacks -> answer(callbacks, pin));
      if (pin != null) {
        TokenLogin.accepted(config);
      }
    } catch (LoginException e) {
      TokenException known = failure("logging in to token '" + config.tokenLabel() + "'", e);
      throw known.getCause() instanceof PKCS11Exception pkcs11
          ? TokenLogin.failure(config, pkcs11)
          : known;
    }
    loadKey();
  }

  private static void answer(Callback[] callbacks, Pin pin) {
    for (Callback callback : callbacks) {
      if (pin != null && callback instanceof PasswordCallback password) {
        password.setPassword(pin.chars());
      }
    }
  }

  private void loadKey() throws TokenException {
    try {
      KeyStore keys = KeyStore.getInstance("PKCS11", provider);
      keys.load(null, null);
      if (!(keys.getKey(config.keyLabel(), null) instanceof PrivateKey key)) {
        throw new TokenException(
            TokenFault.DEVICE,
            "no private key labelled '"
                + config.keyLabel()
                + "' with a certificate of the same CKA_ID in the token; ./sealgate key init makes"
                + " the certificate");
      }
      privateKey = key;
      publicKey = keys.getCertificate(config.keyLabel()).getPublicKey();
      Session session = token.openSession(false);
      try {
        KeyPolicy.check(
            session, KeyPolicy.privateKey(session, config.keyLabel()), config.keyType());
      } finally {
        session.closeSession();
      }
      signer = Signature.getInstance(config.keyType().jcaSignature(), provider);
      signer.initSign(privateKey);
    } catch (PKCS11Exception e) {
      throw TokenException.of("checking the key '" + config.keyLabel() + "'", e);
    } catch (GeneralSecurityException | IOException | ProviderException e) {
      throw failure("looking for the key '" + config.keyLabel() + "'", e);
    }
  }

  @Override
  public byte[] sign(byte[] text) throws TokenException {
    enter();
    try {
      signer.update(text);
      byte[] signature = signer.sign();
      module.good(this);
      return signature;
    } catch (GeneralSecurityException | ProviderException e) {
      throw failure("signing with key '" + config.keyLabel() + "'", e);
    } finally {
      module.leave();
    }
  }

  private void enter() throws TokenException {
    if (signer == null) {
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

  @Override
  public void reopenSession() throws TokenException {
    enter();
    try {
      openProvider();
    } finally {
      module.leave();
    }
  }

  @Override
  public void login() throws TokenException {
    // The provider remembers that it has logged in and would not do so again.
    reopenSession();
  }

  @Override
  public void findKey() throws TokenException {
    enter();
    try {
      loadKey();
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

  /** The provider wraps what the module returned in exceptions of its own; its name is in them. */
  static TokenException failure(String doing, Exception e) {
    Throwable cause = e;
    for (int depth = 0; cause != null && depth < FAILURE_DEPTH_MAX; depth++) {
      Matcher name = RETURN_VALUE.matcher(String.valueOf(cause.getMessage()));
      Long code = name.find() ? PKCS11Constants.ckrNameToCode(name.group()) : null;
      if (code != null) {
        return TokenException.of(doing, new PKCS11Exception(code));
      }
      cause = cause.getCause();
    }
    return new TokenException(TokenFault.DEVICE, doing + ": " + e, e);
  }

  @Override
  public void close() {
    signer = null;
    if (module != null) {
      module.close(this);
      module = null;
    }
  }
}
