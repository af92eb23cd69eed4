package io.sealgate.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** A software key that signs notes as a token would. */
public final class TestKey {
  private final KeyPair pair;
  private final Vkey vkey;

  private TestKey(KeyPair pair, Vkey vkey) {
    this.pair = pair;
    this.vkey = vkey;
  }

  /** A log's Ed25519 key. */
  public static TestKey ed25519(String name) {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      return new TestKey(pair, Vkey.of(name, pair.getPublic()));
    } catch (GeneralSecurityException | NoteException e) {
      throw new AssertionError(e);
    }
  }

  /** A witness's key. */
  public static TestKey witness(String name) {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] spki = pair.getPublic().getEncoded();
      byte[] key = Arrays.copyOfRange(spki, spki.length - 32, spki.length);
      return new TestKey(pair, Vkey.cosignature(name, key));
    } catch (GeneralSecurityException | NoteException e) {
      throw new AssertionError(e);
    }
  }

  /** A log's P-256 key. */
  public static TestKey p256(String name) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      return new TestKey(pair, Vkey.of(name, pair.getPublic()));
    } catch (GeneralSecurityException | NoteException e) {
      throw new AssertionError(e);
    }
  }

  /** A key whose private part a process left behind for its successor. */
  public static TestKey load(String name, Path file) {
    try {
      byte[] pkcs8 = Files.readAllBytes(file);
      PrivateKey secret =
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      byte[] spki = Files.readAllBytes(file.resolveSibling("spki"));
      PublicKey open = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
      return new TestKey(new KeyPair(open, secret), Vkey.of(name, open));
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Leaves the private part behind. */
  public void save(Path file) throws IOException {
    Files.write(file, pair.getPrivate().getEncoded());
    Files.write(file.resolveSibling("spki"), pair.getPublic().getEncoded());
  }

  /** The public part. */
  public PublicKey publicKey() {
    return pair.getPublic();
  }

  /** The verifier key. */
  public Vkey vkey() {
    return vkey;
  }

  /** Trusts this key alone. */
  public NoteVerifier verifier() {
    return NoteVerifier.of(vkey);
  }

  /** The signature line over a text; for a witness, as of now. */
  public SignedNote.SignatureLine line(byte[] text) {
    if (vkey.type() == Vkey.Type.COSIGNATURE_ED25519) {
      return cosign(text, Instant.now().getEpochSecond());
    }
    return SignedNote.SignatureLine.by(vkey, raw(text));
  }

  /** A witness's signature line. */
  public SignedNote.SignatureLine cosign(byte[] text, long seconds) {
    return Cosignature.line(vkey, seconds, raw(Cosignature.message(seconds, text)));
  }

  /** The key's signature over bytes, without a note around it. */
  public byte[] raw(byte[] message) {
    try {
      Signature signer =
          Signature.getInstance(
              vkey.type() == Vkey.Type.ECDSA_P256 ? "SHA256withECDSA" : "Ed25519");
      signer.initSign(pair.getPrivate());
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A note over a text. */
  public byte[] sign(byte[] text) {
    try {
      return SignedNote.of(text, List.of(line(text))).toBytes();
    } catch (NoteException e) {
      throw new AssertionError(e);
    }
  }
}
