package io.sealgate.classify.hyperscan;

import io.sealgate.classify.finding.ClassifierException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Compiled databases on disk. A file is named by the SHA-256 of the expressions, the processor's
 * features and the engine's version, and holds {@code SGHSDB02}, CRC-32 and CRC-32C of the rest,
 * and what Hyperscan serialised. A file that does not agree with both is ignored and written again.
 * They tell damage, not malice: native code trusts these bytes, so the folder must belong to this
 * user and be closed to all others. Safe for many threads and processes: files are replaced whole.
 */
public final class DatabaseCache {
  /** Beyond this the files that were used longest ago go. */
  static final int FILES_MAX = 64;

  /** A database of 10,000 patterns has tens of megabytes. */
  static final long FILE_BYTES_MAX = 512L << 20;

  private static final byte[] MAGIC = "SGHSDB02".getBytes(StandardCharsets.US_ASCII);
  private static final int CHECKSUM_BYTES = 8;
  private static final String SUFFIX = ".hsdb";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final Path folder;

  private DatabaseCache(final Path folder) {
    this.folder = folder;
  }

  /**
   * Opens the folder, or makes it.
   *
   * @throws ClassifierException when it cannot be made, is another user's, or others may enter it
   */
  public static DatabaseCache open(final Path folder) throws ClassifierException {
    try {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      }
      final Set<PosixFilePermission> others =
          EnumSet.copyOf(Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS));
      others.removeAll(OWNER_ONLY);
      if (!others.isEmpty()) {
        throw new ClassifierException(
            "the folder of compiled patterns "
                + folder
                + " is open to other users; run chmod 700 on it");
      }
      // No temporary file of the platform's: its random name would load the security providers.
      final Path probe =
          folder.resolve("probe-".concat(Long.toString(System.nanoTime(), Character.MAX_RADIX)));
      Files.createFile(probe);
      final boolean own = Files.getOwner(probe).equals(Files.getOwner(folder));
      Files.delete(probe);
      if (!own) {
        throw new ClassifierException(
            "the folder of compiled patterns "
                + folder
                + " belongs to another user; name a folder of this user");
      }
      return new DatabaseCache(folder);
    } catch (final IOException | UnsupportedOperationException e) {
      throw new ClassifierException(
          "the folder of compiled patterns " + folder + " cannot be used; name a writable folder",
          e);
    }
  }

  /** The database of exactly these expressions, when a sound file holds it. */
  Optional<HyperscanDatabase> load(final List<HyperscanDatabase.Expression> expressions)
      throws ClassifierException {
    final Path file = file(expressions);
    final byte[] content;
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        return Optional.empty();
      }
      content = Files.readAllBytes(file);
    } catch (final NoSuchFileException e) {
      return Optional.empty();
    } catch (final IOException e) {
      warn("compiled patterns are not read: {0}", e.toString());
      return Optional.empty();
    }
    final int body = MAGIC.length + CHECKSUM_BYTES;
    if (content.length <= body
        || !Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return Optional.empty();
    }
    final byte[] serialized = Arrays.copyOfRange(content, body, content.length);
    if (ByteBuffer.wrap(content).getLong(MAGIC.length) != checksum(serialized)) {
      return Optional.empty();
    }
    final long database = Hyperscan.deserialize(serialized);
    if (database == 0) {
      return Optional.empty();
    }
    touch(file);
    return Optional.of(HyperscanDatabase.of(database));
  }

  /** Keeps a compiled database; a failure costs the next start time, so it is only logged. */
  void store(final List<HyperscanDatabase.Expression> expressions, final byte[] serialized)
      throws ClassifierException {
    if (serialized.length > FILE_BYTES_MAX) {
      return;
    }
    final Path file = file(expressions);
    final ByteBuffer content =
        ByteBuffer.allocate(MAGIC.length + CHECKSUM_BYTES + serialized.length)
            .put(MAGIC)
            .putLong(checksum(serialized))
            .put(serialized);
    try {
      final Path draft = Files.createTempFile(folder, "draft-", ".tmp");
      try {
        Files.write(draft, content.array());
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
      dropOldest();
    } catch (final IOException e) {
      warn("compiled patterns are not kept: {0}", e.toString());
    }
  }

  private static void touch(final Path file) {
    if (!file.toFile().setLastModified(System.currentTimeMillis())) {
      warn("compiled patterns look unused: {0}", file.toString());
    }
  }

  private void dropOldest() throws IOException {
    record Kept(FileTime used, Path file) {}
    final List<Kept> kept = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (final Path file : files) {
        kept.add(new Kept(Files.getLastModifiedTime(file), file));
      }
    }
    kept.sort((a, b) -> b.used().compareTo(a.used()));
    for (int i = FILES_MAX; i < kept.size(); i++) {
      Files.deleteIfExists(kept.get(i).file());
    }
  }

  private Path file(final List<HyperscanDatabase.Expression> expressions)
      throws ClassifierException {
    final MessageDigest sha = sha256();
    final ByteBuffer numbers = ByteBuffer.allocate(2 * Integer.BYTES);
    sha.update(numbers.putInt(expressions.size()).putInt(0).array());
    for (final HyperscanDatabase.Expression expression : expressions) {
      final byte[] text = expression.expression().getBytes(StandardCharsets.UTF_8);
      sha.update(numbers.clear().putInt(expression.flags()).putInt(text.length).array());
      sha.update(text);
    }
    // Last, since it has to wait for the library, which may still be loading.
    Hyperscan.requireUsable();
    sha.update(Hyperscan.platform());
    sha.update(Hyperscan.version().getBytes(StandardCharsets.UTF_8));
    return folder.resolve(HexFormat.of().formatHex(sha.digest()).concat(SUFFIX));
  }

  /** The JVM has both in machine code from its first moment on, which SHA-256 becomes later. */
  private static long checksum(final byte[] bytes) {
    final CRC32 crc = new CRC32();
    crc.update(bytes);
    final CRC32C crc32c = new CRC32C();
    crc32c.update(bytes);
    return crc.getValue() << Integer.SIZE | crc32c.getValue();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Asked for when there is something to say: finding the logger would slow every start. */
  private static void warn(final String message, final String detail) {
    System.getLogger(DatabaseCache.class.getName())
        .log(System.Logger.Level.WARNING, message, detail);
  }
}
