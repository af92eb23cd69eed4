package io.sealgate.gateway.bundle;

import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.Vkey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * Keys of bundles: a private Ed25519 key as base64 of PKCS #8 in a file of its owner only, beside
 * it, with {@code .pub}, its verifier key (C2SP signed-note). What a gateway trusts is a file of
 * such verifier keys, one a line.
 *
 * @param signing the private half
 * @param vkey the public half
 */
public record BundleKeys(PrivateKey signing, Vkey vkey) {
  private static final long TRUST_BYTES_MAX = 1L << 20;

  /** Makes a pair and writes both files; overwrites none. */
  public static BundleKeys make(final Path file, final String name) throws GatewayException {
    if (Files.exists(file) || Files.exists(publicFile(file))) {
      throw new GatewayException("there is a key at " + file + " already; choose another name");
    }
    try {
      final KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      final Vkey vkey = Vkey.of(name, pair.getPublic());
      DataFolder.writeOwnerOnly(
          file.toAbsolutePath(),
          Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
      Files.writeString(publicFile(file), vkey + "\n");
      return new BundleKeys(pair.getPrivate(), vkey);
    } catch (final GeneralSecurityException | IOException e) {
      throw new GatewayException("no key could be made: " + e.getMessage(), e);
    }
  }

  /** Reads what {@link #make} wrote. */
  public static BundleKeys read(final Path file) throws GatewayException {
    try {
      final byte[] encoded = Base64.getDecoder().decode(DataFolder.readOwnerOnly(file));
      final PrivateKey key =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      return new BundleKeys(key, Vkey.parse(Files.readString(publicFile(file)).strip()));
    } catch (final GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new GatewayException(
          file + " holds no signing key; make one with: sealgate policy bundle keygen", e);
    }
  }

  private static Path publicFile(final Path file) {
    return file.resolveSibling(file.getFileName() + ".pub");
  }

  /** The verifier keys of a file. */
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
