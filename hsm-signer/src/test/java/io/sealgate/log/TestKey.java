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
import java.util.List;

/** A software key that signs notes as a token would. */
final class TestKey {
  private final KeyPair pair;
  private final Vkey vkey;

  private TestKey(KeyPair pair, Vkey vkey) {
    this.pair = pair;
    this.vkey = vkey;
  }

  static TestKey ed25519(String name) {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      return new TestKey(pair, Vkey.of(name, pair.getPublic()));
    } catch (GeneralSecurityException | NoteException e) {
      throw new AssertionError(e);
    }
  }

  static TestKey p256(String name) {
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
  static TestKey load(String name, Path file) {
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

  void save(Path file) throws IOException {
    Files.write(file, pair.getPrivate().getEncoded());
    Files.write(file.resolveSibling("spki"), pair.getPublic().getEncoded());
  }

  PublicKey publicKey() {
    return pair.getPublic();
  }

  Vkey vkey() {
    return vkey;
  }

  NoteVerifier verifier() {
    return NoteVerifier.of(vkey);
  }

  SignedNote.SignatureLine line(byte[] text) {
    try {
      Signature signer =
          Signature.getInstance(vkey.type() == Vkey.Type.ED25519 ? "Ed25519" : "SHA256withECDSA");
      signer.initSign(pair.getPrivate());
      signer.update(text);
      return SignedNote.SignatureLine.by(vkey, signer.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  byte[] sign(byte[] text) {
    try {
      return SignedNote.of(text, List.of(line(text))).toBytes();
    } catch (NoteException e) {
      throw new AssertionError(e);
    }
  }
}
