package io.sealgate.signer.token;

import static org.xipki.pkcs11.wrapper.PKCS11Constants.*;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.HexFormat;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.KeyPairTemplate;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;

/**
 * What a log key must be: made in the token, bound to it, able to sign and to do nothing else; and
 * what a wrapping key must be. The attributes are the module's claim, not a proof; an attestation
 * is needed for that.
 */
final class KeyPolicy {
  private static final long[] MUST_BE_TRUE = {
    CKA_TOKEN,
    CKA_PRIVATE,
    CKA_SENSITIVE,
    CKA_SIGN,
    CKA_ALWAYS_SENSITIVE,
    CKA_NEVER_EXTRACTABLE,
    CKA_LOCAL
  };
  private static final long[] MUST_BE_FALSE = {
    CKA_EXTRACTABLE, CKA_DECRYPT, CKA_UNWRAP, CKA_DERIVE, CKA_ALWAYS_AUTHENTICATE
  };

  private static final long[] WRAPPING_MUST_BE_TRUE = {
    CKA_TOKEN,
    CKA_PRIVATE,
    CKA_SENSITIVE,
    CKA_ENCRYPT,
    CKA_DECRYPT,
    CKA_ALWAYS_SENSITIVE,
    CKA_NEVER_EXTRACTABLE,
    CKA_LOCAL
  };
  private static final long[] WRAPPING_MUST_BE_FALSE = {
    CKA_EXTRACTABLE, CKA_SIGN, CKA_VERIFY, CKA_WRAP, CKA_UNWRAP, CKA_DERIVE
  };
  private static final long AES_256_BYTES = 32;

  /** OBJECT IDENTIFIER prime256v1. */
  private static final byte[] P256_PARAMS = HexFormat.of().parseHex("06082a8648ce3d030107");

  /** OBJECT IDENTIFIER id-Ed25519, as PKCS#11 3.0 has it. */
  private static final byte[] ED25519_OID = HexFormat.of().parseHex("06032b6570");

  /** PrintableString "edwards25519", as older modules have it. */
  private static final byte[] ED25519_NAME = printableString("edwards25519");

  private KeyPolicy() {}

  /**
   * Refuses a key whose attributes are not those of a log key.
   *
   * @throws TokenException {@link TokenFault#FATAL} naming the attribute
   */
  static void check(Session session, long privateKey, KeyType type) throws TokenException {
    try {
      long keyType = session.getAttrValues(privateKey, CKA_KEY_TYPE).getLongAttrValue(CKA_KEY_TYPE);
      if (keyType != pkcs11Type(type)) {
        throw new TokenException(TokenFault.FATAL, "the token's key is not of type " + type);
      }
    } catch (PKCS11Exception e) {
      throw TokenException.of("reading the key's type", e);
    }
    require(session, privateKey, "log", MUST_BE_TRUE, MUST_BE_FALSE);
  }

  /**
   * Refuses a wrapping key whose attributes would let it out of its token, or let it do anything
   * but encrypt and decrypt.
   *
   * @throws TokenException {@link TokenFault#FATAL} naming the attribute
   */
  static void checkWrapping(Session session, long key) throws TokenException {
    try {
      AttributeVector form = session.getAttrValues(key, CKA_KEY_TYPE, CKA_VALUE_LEN);
      if (form.getLongAttrValue(CKA_KEY_TYPE) != CKK_AES
          || form.getLongAttrValue(CKA_VALUE_LEN) != AES_256_BYTES) {
        throw new TokenException(TokenFault.FATAL, "the token's wrapping key is not AES-256");
      }
    } catch (PKCS11Exception e) {
      throw TokenException.of("reading the key's type", e);
    }
    require(session, key, "wrapping", WRAPPING_MUST_BE_TRUE, WRAPPING_MUST_BE_FALSE);
  }

  private static void require(
      Session session, long key, String name, long[] mustBeTrue, long[] mustBeFalse)
      throws TokenException {
    for (long attribute : mustBeTrue) {
      if (!Boolean.TRUE.equals(attribute(session, key, attribute))) {
        throw refused(name, attribute, "true");
      }
    }
    for (long attribute : mustBeFalse) {
      // A module that does not know the attribute cannot have granted it.
      if (Boolean.TRUE.equals(attribute(session, key, attribute))) {
        throw refused(name, attribute, "false");
      }
    }
  }

  /** The one private key with a label, in a session that is logged in. */
  static long privateKey(Session session, String label) throws TokenException, PKCS11Exception {
    long[] found = session.findObjectsSingle(AttributeVector.newPrivateKey().label(label), 2);
    if (found == null || found.length != 1) {
      throw new TokenException(
          TokenFault.DEVICE, "not exactly one private key is labelled '" + label + "'");
    }
    return found[0];
  }

  /** The public half of a private key. */
  static PublicKey publicKey(Session session, String label, long privateKey, KeyType type)
      throws TokenException, PKCS11Exception {
    byte[] id = session.getAttrValues(privateKey, CKA_ID).getByteArrayAttrValue(CKA_ID);
    AttributeVector wanted = AttributeVector.newPublicKey().label(label);
    long[] found = session.findObjectsSingle(id == null ? wanted : wanted.id(id), 2);
    if (found == null || found.length != 1) {
      throw new TokenException(
          TokenFault.DEVICE, "not exactly one public key is labelled '" + label + "'");
    }
    byte[] point =
        session.getAttrValues(found[0], CKA_EC_POINT).getByteArrayAttrValue(CKA_EC_POINT);
    if (point == null) {
      throw new TokenException(
          TokenFault.FATAL, "the token does not show the public point of key '" + label + "'");
    }
    try {
      return EcForms.publicKey(type, point);
    } catch (GeneralSecurityException e) {
      throw new TokenException(TokenFault.FATAL, "public key '" + label + "' is unusable: " + e, e);
    }
  }

  private static Boolean attribute(Session session, long key, long attribute)
      throws TokenException {
    try {
      return session.getAttrValues(key, attribute).getBooleanAttrValue(attribute);
    } catch (PKCS11Exception e) {
      if (e.getErrorCode() == CKR_ATTRIBUTE_TYPE_INVALID) {
        return null;
      }
      throw TokenException.of("reading " + ckaCodeToName(attribute), e);
    }
  }

  private static TokenException refused(String name, long attribute, String wanted) {
    return new TokenException(
        TokenFault.FATAL,
        "the "
            + name
            + " key's "
            + ckaCodeToName(attribute)
            + " is not "
            + wanted
            + "; create a key that cannot leave the token");
  }

  /**
   * Makes a key pair that {@link #check} accepts; one thread at a time (some modules race here).
   */
  static void generate(Session session, String label, KeyType type) throws TokenException {
    try {
      switch (type) {
        case P256 -> generate(session, label, CKM_EC_KEY_PAIR_GEN, pkcs11Type(type), P256_PARAMS);
        case ED25519 -> generateEd25519(session, label);
      }
    } catch (PKCS11Exception e) {
      throw TokenException.of("creating the " + type + " key '" + label + "'", e);
    }
  }

  private static void generateEd25519(Session session, String label) throws PKCS11Exception {
    try {
      generate(session, label, CKM_EC_EDWARDS_KEY_PAIR_GEN, CKK_EC_EDWARDS, ED25519_OID);
    } catch (PKCS11Exception e) {
      long code = e.getErrorCode();
      if (code == CKR_MECHANISM_INVALID) {
        throw e;
      }
      generate(session, label, CKM_EC_EDWARDS_KEY_PAIR_GEN, CKK_EC_EDWARDS, ED25519_NAME);
    }
  }

  private static void generate(
      Session session, String label, long mechanism, long keyType, byte[] ecParams)
      throws PKCS11Exception {
    byte[] id = session.generateRandom(16);
    AttributeVector privateKey =
        AttributeVector.newPrivateKey(keyType)
            .label(label)
            .id(id)
            .token(true)
            .private_(true)
            .sensitive(true)
            .extractable(false)
            .sign(true)
            .decrypt(false)
            .unwrap(false)
            .derive(false);
    AttributeVector publicKey =
        AttributeVector.newPublicKey(keyType)
            .label(label)
            .id(id)
            .token(true)
            .private_(false)
            .verify(true)
            .ecParams(ecParams);
    session.generateKeyPair(new Mechanism(mechanism), new KeyPairTemplate(privateKey, publicKey));
  }

  private static long pkcs11Type(KeyType type) {
    return type == KeyType.P256 ? CKK_EC : CKK_EC_EDWARDS;
  }

  private static byte[] printableString(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    byte[] der = new byte[ascii.length + 2];
    der[0] = 0x13;
    der[1] = (byte) ascii.length;
    System.arraycopy(ascii, 0, der, 2, ascii.length);
    return der;
  }
}
