package io.sealgate.gateway.bundle;

import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.Vkey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * A key that signs bundles or exemptions: a private Ed25519 or P-256 key as base64 of PKCS #8 in a
 * file of its owner only, beside it, with {@code .pub}, its verifier key (C2SP signed-note).
 *
 * @param signing the private half
 * @param vkey the public half
 */
public record PolicyKey(PrivateKey signing, Vkey vkey) {
  private static final long TRUST_BYTES_MAX = 1L << 20;
  private static final byte[] PROBE = "sealgate key pair".getBytes(StandardCharsets.UTF_8);

  /** Makes a pair and writes both files; overwrites none. */
  public static PolicyKey make(final Path file, final String name, final Vkey.Type type)
      throws GatewayException {
    if (Files.exists(file) || Files.exists(publicFile(file))) {
      throw new GatewayException("there is a key at " + file + " already; choose another name");
    }
    try {
      final KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm(type));
      if (type == Vkey.Type.ECDSA_P256) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      }
      final KeyPair pair = generator.generateKeyPair();
      final Vkey vkey = Vkey.of(name, pair.getPublic());
      DataFolder.writeOwnerOnly(
          file.toAbsolutePath(),
          Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
      Files.writeString(publicFile(file), vkey + "\n");
      return new PolicyKey(pair.getPrivate(), vkey);
    } catch (final GeneralSecurityException | IOException e) {
      throw new GatewayException("no key could be made: " + e.getMessage(), e);
    }
  }

  /** Reads what {@link #make} wrote. */
  public static PolicyKey read(final Path file) throws GatewayException {
    final PolicyKey key;
    try {
      final Vkey vkey = Vkey.parse(Files.readString(publicFile(file)).strip());
      final byte[] encoded = Base64.getDecoder().decode(DataFolder.readOwnerOnly(file));
      key =
          new PolicyKey(
              KeyFactory.getInstance(algorithm(vkey.type()))
                  .generatePrivate(new PKCS8EncodedKeySpec(encoded)),
              vkey);
    } catch (final GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new GatewayException(
          file + " holds no signing key; make one with: sealgate policy bundle keygen", e);
    }
    if (!key.vkey.verifies(PROBE, key.sign(PROBE))) {
      throw new GatewayException(
          publicFile(file) + " is not the public half of " + file + "; put the right one there");
    }
    return key;
  }

  private static String algorithm(final Vkey.Type type) throws GatewayException {
    return switch (type) {
      case ED25519 -> "Ed25519";
      case ECDSA_P256 -> "EC";
      case COSIGNATURE_ED25519 ->
          throw new GatewayException("a witness's key signs no policies; use Ed25519 or P-256");
    };
  }

  /** Signs as {@link Vkey#verifies} checks: Ed25519, or ECDSA with SHA-256 in DER. */
  public byte[] sign(final byte[] text) throws GatewayException {
    try {
      final Signature signer =
          Signature.getInstance(
              vkey.type() == Vkey.Type.ECDSA_P256 ? "SHA256withECDSA" : "Ed25519");
      signer.initSign(signing);
      signer.update(text);
      return signer.sign();
    } catch (final GeneralSecurityException e) {
      throw new GatewayException("the key cannot sign: " + e.getMessage(), e);
    }
  }

  private static Path publicFile(final Path file) {
    return file.resolveSibling(file.getFileName() + ".pub");
  }

  /** The verifier keys of a file, one a line, whose signatures on bundles count. */
  public static NoteVerifier trusted(final Path file) throws GatewayException {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > TRUST_BYTES_MAX) {
        throw new GatewayException(
            "no keys of policy bundles are trusted; put verifier keys into " + file);
      }
      return NoteVerifier.parse(Files.readString(file));
    } catch (final IOException e) {
      throw new GatewayException(file + " holds no verifier keys: " + e.getMessage(), e);
    }
  }
}
