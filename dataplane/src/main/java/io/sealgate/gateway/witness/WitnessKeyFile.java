package io.sealgate.gateway.witness;

import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.Cosignature;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignedNote;
import io.sealgate.log.Vkey;
import io.sealgate.log.witness.WitnessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The Ed25519 key this appliance cosigns other logs with, in an owner-only file: two lines, PKCS #8
 * and the 32 bytes of the public key, in base64. It is the gateway's, which has no PIN of a token;
 * who steals it can vouch for a fork of another log, and only together with that log's key.
 */
public final class WitnessKeyFile implements WitnessKey {
  private static final String ALGORITHM = "Ed25519";
  private static final int PUBLIC_BYTES = 32;

  private final Vkey vkey;
  private final PrivateKey secret;

  private WitnessKeyFile(final Vkey vkey, final PrivateKey secret) {
    this.vkey = vkey;
    this.secret = secret;
  }

  /**
   * The key of an appliance, made when it has none.
   *
   * @throws GatewayException if the file is open to others or damaged, or the name is none of a key
   */
  public static WitnessKeyFile of(final GatewayConfig config) throws GatewayException {
    final Path file = new DataFolder(config.data()).secrets().resolve("witness-key");
    try {
      if (!Files.exists(file)) {
        make(file);
      }
      return read(file, name(config));
    } catch (final GeneralSecurityException e) {
      throw new GatewayException("this Java has no Ed25519: " + e.getMessage(), e);
    }
  }

  /** The name of the key. */
  private static String name(final GatewayConfig config) {
    return config.witnessService().name().orElse(config.signer().logName() + "/witness");
  }

  private static void make(final Path file) throws GatewayException, GeneralSecurityException {
    final KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    final byte[] spki = pair.getPublic().getEncoded();
    final Base64.Encoder base64 = Base64.getEncoder();
    DataFolder.writeOwnerOnly(
        file,
        base64.encodeToString(pair.getPrivate().getEncoded())
            + "\n"
            + base64.encodeToString(
                Arrays.copyOfRange(spki, spki.length - PUBLIC_BYTES, spki.length)));
  }

  private static WitnessKeyFile read(final Path file, final String name) throws GatewayException {
    final List<String> lines = DataFolder.readOwnerOnly(file).lines().toList();
    try {
      if (lines.size() != 2) {
        throw new NoteException("it has not two lines");
      }
      final PrivateKey secret =
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines.get(0))));
      final WitnessKeyFile key =
          new WitnessKeyFile(
              Vkey.cosignature(name, Base64.getDecoder().decode(lines.get(1))), secret);
      key.prove();
      return key;
    } catch (final GeneralSecurityException | IllegalArgumentException | IOException e) {
      // The message of a decoder could quote the file.
      throw new GatewayException(
          "the witness key in "
              + file
              + " is damaged; restore it, or delete it for a new one, which every log that names"
              + " this witness must then be told");
    }
  }

  /** Both halves must belong together, or no one could use what is signed. */
  private void prove() throws IOException {
    final byte[] text = (vkey.name() + "\n0\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    final SignedNote.SignatureLine line =
        Cosignature.line(vkey, 0, sign(Cosignature.message(0, text)));
    if (!vkey.verifies(text, line.signature())) {
      throw new NoteException("its halves do not belong together");
    }
  }

  @Override
  public Vkey vkey() {
    return vkey;
  }

  @Override
  public byte[] sign(final byte[] message) throws IOException {
    try {
      final Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(secret);
      signature.update(message);
      return signature.sign();
    } catch (final GeneralSecurityException e) {
      throw new IOException("the witness key cannot sign: " + e.getMessage(), e);
    }
  }
}
