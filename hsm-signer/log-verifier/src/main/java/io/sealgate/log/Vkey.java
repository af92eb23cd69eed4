package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.EllipticCurve;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A note verifier key (C2SP signed-note): {@code <name>+<8 hex digits of the key id>+<base64 of
 * type and key>}. Immutable; safe for any thread.
 */
public final class Vkey {
  /** The kinds of key that logs and their witnesses sign with. */
  public enum Type {
    /** Ed25519 over the note text; the key is the 32 bytes of RFC 8032. */
    ED25519(0x01),
    /** ECDSA on P-256 with SHA-256, DER signature; the key is a DER SubjectPublicKeyInfo. */
    ECDSA_P256(0x02),
    /**
     * A witness's Ed25519 key (C2SP tlog-cosignature); its signature is eight bytes of POSIX
     * seconds, big-endian, and 64 of Ed25519 over {@link Cosignature#message}.
     */
    COSIGNATURE_ED25519(0x04);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    /** The signature type byte of the specification. */
    public int code() {
      return code;
    }
  }

  /** Longest text accepted, far above any key of these types. */
  public static final int TEXT_LENGTH_MAX = 1_024;

  private static final byte[] ED25519_SPKI_PREFIX =
      HexFormat.of().parseHex("302a300506032b6570032100");
  private static final int ED25519_KEY_BYTES = 32;
  private static final byte[] P256_SPKI_PREFIX =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
  private static final int P256_SPKI_BYTES = 91;

  private final String name;
  private final Type type;
  private final byte[] key;
  private final int keyId;
  private final PublicKey publicKey;

  private Vkey(String name, Type type, byte[] key) throws NoteException {
    if (!NoteText.isKeyName(name)) {
      throw new NoteException("a key name has no spaces and no '+', and is not empty");
    }
    this.name = name;
    this.type = type;
    this.key = key.clone();
    this.publicKey = publicKey(type, key);
    this.keyId = keyId(name, type, key);
  }

  /** A key from the 32 bytes of an Ed25519 public key. */
  public static Vkey ed25519(String name, byte[] key) throws NoteException {
    return new Vkey(name, Type.ED25519, key);
  }

  /** A key from the DER SubjectPublicKeyInfo of a P-256 public key with an uncompressed point. */
  public static Vkey ecdsaP256(String name, byte[] spki) throws NoteException {
    return new Vkey(name, Type.ECDSA_P256, spki);
  }

  /** A witness's key from the 32 bytes of an Ed25519 public key. */
  public static Vkey cosignature(String name, byte[] key) throws NoteException {
    return new Vkey(name, Type.COSIGNATURE_ED25519, key);
  }

  /** A log's key from a Java public key of either type. */
  public static Vkey of(String name, PublicKey key) throws NoteException {
    byte[] spki = key.getEncoded();
    if (NoteText.startsWith(spki, ED25519_SPKI_PREFIX)) {
      return ed25519(name, Arrays.copyOfRange(spki, ED25519_SPKI_PREFIX.length, spki.length));
    }
    return ecdsaP256(name, spki);
  }

  /** Reads the text form strictly. */
  public static Vkey parse(String text) throws NoteException {
    int first = text.indexOf('+');
    int second = text.indexOf('+', first + 1);
    if (text.length() > TEXT_LENGTH_MAX || first < 0 || second < 0) {
      throw new NoteException("a verifier key is <name>+<key id>+<base64>");
    }
    byte[] typed = NoteText.base64(text.substring(second + 1));
    if (typed.length == 0) {
      throw new NoteException("the verifier key is empty");
    }
    byte[] key = Arrays.copyOfRange(typed, 1, typed.length);
    Vkey vkey =
        switch (typed[0]) {
          case 0x01 -> ed25519(text.substring(0, first), key);
          case 0x02 -> ecdsaP256(text.substring(0, first), key);
          case 0x04 -> cosignature(text.substring(0, first), key);
          default ->
              throw new NoteException(
                  "key type 0x"
                      + HexFormat.of().toHexDigits(typed[0])
                      + " is not supported; Ed25519 (01), ECDSA P-256 (02) and Ed25519"
                      + " cosignature (04) are");
        };
    if (!text.substring(first + 1, second).equals(HexFormat.of().toHexDigits(vkey.keyId))) {
      throw new NoteException("the key id does not belong to the key");
    }
    return vkey;
  }

  private static PublicKey publicKey(Type type, byte[] key) throws NoteException {
    byte[] spki =
        switch (type) {
          case ED25519, COSIGNATURE_ED25519 -> {
            if (key.length != ED25519_KEY_BYTES) {
              throw new NoteException("an Ed25519 key has " + ED25519_KEY_BYTES + " bytes");
            }
            yield ByteBuffer.allocate(ED25519_SPKI_PREFIX.length + key.length)
                .put(ED25519_SPKI_PREFIX)
                .put(key)
                .array();
          }
          case ECDSA_P256 -> {
            if (key.length != P256_SPKI_BYTES || !NoteText.startsWith(key, P256_SPKI_PREFIX)) {
              throw new NoteException("not the DER public key of an uncompressed P-256 point");
            }
            yield key;
          }
        };
    try {
      String algorithm = type == Type.ECDSA_P256 ? "EC" : "Ed25519";
      PublicKey decoded =
          KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki));
      if (decoded instanceof ECPublicKey ec && !isOnCurve(ec)) {
        throw new NoteException("the point of the public key is not on the curve");
      }
      return decoded;
    } catch (GeneralSecurityException e) {
      throw new NoteException("not a valid public key", e);
    }
  }

  /**
   * The platform decodes any two coordinates; a point off the curve would weaken every check with
   * it.
   */
  private static boolean isOnCurve(ECPublicKey key) {
    EllipticCurve curve = key.getParams().getCurve();
    BigInteger prime = ((ECFieldFp) curve.getField()).getP();
    BigInteger x = key.getW().getAffineX();
    BigInteger y = key.getW().getAffineY();
    BigInteger right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB());
    return x.compareTo(prime) < 0
        && y.compareTo(prime) < 0
        && y.pow(2).subtract(right).mod(prime).signum() == 0;
  }

  private static int keyId(String name, Type type, byte[] key) {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    if (type != Type.ECDSA_P256) {
      sha256.update(name.getBytes(UTF_8));
      sha256.update((byte) '\n');
      sha256.update((byte) type.code);
    }
    return ByteBuffer.wrap(sha256.digest(key)).getInt();
  }

  /** The key name that signature lines carry. */
  public String name() {
    return name;
  }

  /** The kind of key. */
  public Type type() {
    return type;
  }

  /** The first four bytes of the key's hash, big-endian. */
  public int keyId() {
    return keyId;
  }

  /** The key for Java's own signature classes. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /**
   * Whether {@code signature} (64 bytes for Ed25519, DER for ECDSA, a time before 64 bytes for a
   * cosignature) is this key's over the text.
   */
  public boolean verifies(byte[] text, byte[] signature) {
    try {
      Signature verifier =
          Signature.getInstance(type == Type.ECDSA_P256 ? "SHA256withECDSA" : "Ed25519");
      verifier.initVerify(publicKey);
      if (type != Type.COSIGNATURE_ED25519) {
        verifier.update(text);
        return verifier.verify(signature);
      }
      if (signature.length != Cosignature.BYTES || Cosignature.seconds(signature) < 0) {
        return false;
      }
      verifier.update(Cosignature.message(Cosignature.seconds(signature), text));
      return verifier.verify(signature, Long.BYTES, signature.length - Long.BYTES);
    } catch (GeneralSecurityException _) {
      // Bytes that are no signature at all are reported so; the answer is the same.
      return false;
    }
  }

  /** The text form, byte-exact. */
  @Override
  public String toString() {
    byte[] typed = new byte[key.length + 1];
    typed[0] = (byte) type.code;
    System.arraycopy(key, 0, typed, 1, key.length);
    return name
        + '+'
        + HexFormat.of().toHexDigits(keyId)
        + '+'
        + Base64.getEncoder().encodeToString(typed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vkey that
        && name.equals(that.name)
        && type == that.type
        && Arrays.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return keyId;
  }
}
