package io.sealgate.signer.token;

import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKM_AES_GCM;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.params.GCM_PARAMS;

/** AES-GCM with a key in a token, by either library, in a session that is logged in. */
sealed interface TokenCipher {
  int NONCE_BYTES = 12;
  int TAG_BITS = 128;

  /** Ciphertext and tag. */
  byte[] encrypt(byte[] nonce, byte[] context, byte[] plain) throws TokenException, PKCS11Exception;

  /** The plain bytes; throws where the tag does not fit. */
  byte[] decrypt(byte[] nonce, byte[] context, byte[] sealed)
      throws TokenException, PKCS11Exception;

  /** org.xipki:ipkcs11wrapper. */
  record Wrapper(Session session, long key) implements TokenCipher {
    @Override
    public byte[] encrypt(byte[] nonce, byte[] context, byte[] plain) throws PKCS11Exception {
      return session.encryptSingle(mechanism(nonce, context), key, plain);
    }

    @Override
    public byte[] decrypt(byte[] nonce, byte[] context, byte[] sealed) throws PKCS11Exception {
      return session.decryptSingle(mechanism(nonce, context), key, sealed);
    }

    private static Mechanism mechanism(byte[] nonce, byte[] context) {
      return new Mechanism(CKM_AES_GCM, new GCM_PARAMS(nonce, context, TAG_BITS));
    }
  }

  /** The JDK's SunPKCS11; it finds itself logged in, as a login holds for the whole process. */
  record Sun(TokenConfig config, Token token) implements TokenCipher {
    @Override
    public byte[] encrypt(byte[] nonce, byte[] context, byte[] plain) throws TokenException {
      return run(Cipher.ENCRYPT_MODE, nonce, context, plain);
    }

    @Override
    public byte[] decrypt(byte[] nonce, byte[] context, byte[] sealed) throws TokenException {
      return run(Cipher.DECRYPT_MODE, nonce, context, sealed);
    }

    private byte[] run(int mode, byte[] nonce, byte[] context, byte[] bytes) throws TokenException {
      try {
        Provider provider = SunPkcs11Driver.provider(config, token);
        KeyStore keys = KeyStore.getInstance("PKCS11", provider);
        keys.load(null, null);
        if (!(keys.getKey(config.keyLabel(), null) instanceof SecretKey key)) {
          throw new TokenException(
              TokenFault.DEVICE, "the JDK's provider does not see key '" + config.keyLabel() + "'");
        }
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher.doFinal(bytes);
      } catch (GeneralSecurityException | IOException | ProviderException e) {
        throw SunPkcs11Driver.failure("using key '" + config.keyLabel() + "'", e);
      }
    }
  }
}
