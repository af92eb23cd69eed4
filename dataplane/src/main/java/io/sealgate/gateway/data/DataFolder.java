package io.sealgate.gateway.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * The folder of everything the appliance keeps, and where things lie in it: {@code log} (the
 * signer's), {@code state} (the gateway's), {@code secrets}, {@code tls}, {@code run}.
 */
public final class DataFolder {
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> GROUP_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));

  private final Path root;

  /** Names a folder; it need not exist. */
  public DataFolder(final Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Makes what is missing. */
  public void create() throws GatewayException {
    try {
      Files.createDirectories(root, GROUP_FOLDER);
      Files.createDirectories(secrets(), OWNER_FOLDER);
      Files.createDirectories(root.resolve("state"), OWNER_FOLDER);
      Files.createDirectories(run(), GROUP_FOLDER);
    } catch (final IOException e) {
      throw new GatewayException(
          "cannot make the data folder " + root + " (" + e + "); set --data to a writable place",
          e);
    }
  }

  /** The folder itself, absolute. */
  public Path root() {
    return root;
  }

  /** The sealed log. */
  public Path log() {
    return root.resolve("log");
  }

  /** Owner-only files. */
  public Path secrets() {
    return root.resolve("secrets");
  }

  /** Prompts and answers that policies want kept. */
  public Path content() {
    return root.resolve("content");
  }

  /** One of the gateway's own LMDB environments. */
  public Path state(final String name) {
    return root.resolve("state").resolve(name);
  }

  /** Verifier keys whose signatures on policy bundles count, one a line; made by the operator. */
  public Path policyKeys() {
    return root.resolve("policy-keys");
  }

  /** Keys of those who may approve exemptions; made by the security team. */
  public Path approverKeys() {
    return root.resolve("approver-keys");
  }

  /** What runs now. */
  public Path run() {
    return root.resolve("run");
  }

  /** Where the gateway tells commands how to reach it. */
  public Path gatewayFile() {
    return run().resolve("gateway.json");
  }

  /** The API key that the first start made. */
  public Path firstApiKey() {
    return secrets().resolve("first-api-key");
  }

  /** Reads an owner-only secret, or makes one of random hexadecimal digits. */
  public static String secret(final Path file, final int bytes) throws GatewayException {
    if (!Files.exists(file)) {
      final byte[] random = new byte[bytes];
      new SecureRandom().nextBytes(random);
      writeOwnerOnly(file, HexFormat.of().formatHex(random));
    }
    return readOwnerOnly(file);
  }

  /** Reads a secret; refuses a file that others can read. */
  public static String readOwnerOnly(final Path file) throws GatewayException {
    try {
      final Set<PosixFilePermission> loose = EnumSet.copyOf(Files.getPosixFilePermissions(file));
      loose.retainAll(
          EnumSet.of(
              PosixFilePermission.GROUP_READ,
              PosixFilePermission.GROUP_WRITE,
              PosixFilePermission.OTHERS_READ,
              PosixFilePermission.OTHERS_WRITE));
      if (!loose.isEmpty()) {
        throw new GatewayException("secret file " + file + " is open to others; chmod 600 " + file);
      }
      return Files.readString(file).strip();
    } catch (final IOException e) {
      throw new GatewayException("cannot read the secret file " + file + " (" + e + ")", e);
    }
  }

  /** Writes a secret so that no one else can read it at any moment. */
  public static void writeOwnerOnly(final Path file, final String text) throws GatewayException {
    try {
      final Path temporary =
          Files.createTempFile(
              file.getParent(), ".new", null, PosixFilePermissions.asFileAttribute(OWNER_FILE));
      Files.write(temporary, (text + "\n").getBytes(StandardCharsets.UTF_8));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (final IOException e) {
      throw new GatewayException("cannot write " + file + " (" + e + ")", e);
    }
  }
}
