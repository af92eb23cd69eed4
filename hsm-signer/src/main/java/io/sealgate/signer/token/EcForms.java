package io.sealgate.signer.token;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Conversions between the forms PKCS#11 uses for elliptic curves and those the rest of the world
 * uses.
 */
final class EcForms {
  /** SubjectPublicKeyInfo up to the point: id-ecPublicKey, prime256v1 (RFC 5480). */
  private static final byte[] P256_SPKI_HEAD =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

  /** SubjectPublicKeyInfo up to the key: id-Ed25519 (RFC 8410). */
  private static final byte[] ED25519_SPKI_HEAD =
      HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int P256_POINT_BYTES = 65;
  private static final int P256_SCALAR_BYTES = 32;
  private static final int ED25519_POINT_BYTES = 32;
  private static final int DER_OCTET_STRING_HEAD_BYTES = 2;
  private static final byte DER_SEQUENCE = 0x30;
  private static final byte DER_INTEGER = 0x02;

  private EcForms() {}

  /**
   * A public key from CKA_EC_POINT, which some tokens wrap in a DER OCTET STRING and some do not;
   * the two differ in length, so nothing has to be guessed.
   */
  static PublicKey publicKey(KeyType type, byte[] ecPoint) throws GeneralSecurityException {
    return switch (type) {
      case P256 -> key("EC", P256_SPKI_HEAD, unwrap(ecPoint, P256_POINT_BYTES));
      case ED25519 -> key("Ed25519", ED25519_SPKI_HEAD, unwrap(ecPoint, ED25519_POINT_BYTES));
    };
  }

  private static PublicKey key(String algorithm, byte[] head, byte[] point)
      throws GeneralSecurityException {
    byte[] spki = Arrays.copyOf(head, head.length + point.length);
    System.arraycopy(point, 0, spki, head.length, point.length);
    return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki));
  }

  private static byte[] unwrap(byte[] ecPoint, int pointBytes) throws GeneralSecurityException {
    if (ecPoint.length == pointBytes) {
      return ecPoint;
    }
    if (ecPoint.length == pointBytes + DER_OCTET_STRING_HEAD_BYTES) {
      return Arrays.copyOfRange(ecPoint, DER_OCTET_STRING_HEAD_BYTES, ecPoint.length);
    }
    throw new GeneralSecurityException(
        "CKA_EC_POINT has " + ecPoint.length + " bytes, expected " + pointBytes);
  }

  /**
   * Turns the r||s that CKM_ECDSA returns into a minimal DER ECDSA-Sig-Value (RFC 3279 section
   * 2.2.3).
   *
   * @throws GeneralSecurityException when the length is not that of a P-256 signature
   */
  static byte[] derSignature(byte[] raw) throws GeneralSecurityException {
    if (raw.length != 2 * P256_SCALAR_BYTES) {
      throw new GeneralSecurityException("CKM_ECDSA returned " + raw.length + " bytes for P-256");
    }
    byte[] r = new BigInteger(1, raw, 0, P256_SCALAR_BYTES).toByteArray();
    byte[] s = new BigInteger(1, raw, P256_SCALAR_BYTES, P256_SCALAR_BYTES).toByteArray();
    // At most 2 * (2 + 33) = 70 bytes: every length fits in one byte.
    byte[] der = new byte[6 + r.length + s.length];
    der[0] = DER_SEQUENCE;
    der[1] = (byte) (der.length - 2);
    int at = putInteger(der, 2, r);
    putInteger(der, at, s);
    return der;
  }

  private static int putInteger(byte[] der, int at, byte[] magnitude) {
    der[at] = DER_INTEGER;
    der[at + 1] = (byte) magnitude.length;
    System.arraycopy(magnitude, 0, der, at + 2, magnitude.length);
    return at + 2 + magnitude.length;
  }
}
