package io.sealgate.classify.pack;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Keeps what the built-in packs say for the next start: reading YAML takes a new JVM longer than
 * all that the classifier does beside it. A file is named by the CRC-32 of each pack and begins
 * with the CRC-32 of its own rest; one that does not agree is not used and written again.
 */
public final class PackCache {
  /**
   * Changes whenever {@link PackReader} reads the same text otherwise, or the table's form does.
   */
  private static final String FORM = "packs-2";

  private static volatile Optional<Path> folder = Optional.empty();

  private PackCache() {}

  /**
   * Names the folder; to be called before the packs are first used, or it has no effect.
   *
   * @param privateFolder of this user alone
   */
  public static void keepIn(final Optional<Path> privateFolder) {
    folder = privateFolder;
  }

  static List<Pack> packs() {
    if (folder.isPresent()) {
      final Path file = folder.get().resolve(name(PackFiles.checksums()));
      final Optional<List<Pack>> kept = kept(file);
      if (kept.isPresent()) {
        return kept.get();
      }
    }
    return packs(folder, PackFiles.bytes());
  }

  static List<Pack> packs(final Optional<Path> folder, final Map<String, byte[]> files) {
    if (folder.isEmpty()) {
      return PackFiles.read(files);
    }
    final Path file = folder.get().resolve(name(PackFiles.checksums(files)));
    final Optional<List<Pack>> kept = kept(file);
    if (kept.isPresent()) {
      return kept.get();
    }
    final List<Pack> packs = PackFiles.read(files);
    try {
      write(packs, folder.get(), file);
    } catch (final IOException e) {
      warn("built-in packs are not kept: {0}", e.toString());
    }
    return packs;
  }

  /** What the file says; empty when there is none, or it is damaged. */
  private static Optional<List<Pack>> kept(final Path file) {
    try {
      if (Files.exists(file)) {
        final byte[] content = Files.readAllBytes(file);
        final byte[] table =
            Arrays.copyOfRange(content, Math.min(4, content.length), content.length);
        if (content.length > 4 && ByteBuffer.wrap(content).getInt() == crc(table)) {
          return Optional.of(PackTable.read(new ByteArrayInputStream(table)));
        }
      }
    } catch (final IOException e) {
      warn("built-in packs are not read from the cache: {0}", e.toString());
    }
    return Optional.empty();
  }

  private static void write(final List<Pack> packs, final Path folder, final Path file)
      throws IOException {
    final ByteArrayOutputStream table = new ByteArrayOutputStream();
    PackTable.write(packs, table);
    final byte[] bytes = table.toByteArray();
    final Path draft = Files.createTempFile(folder, "packs-", ".tmp");
    try {
      Files.write(
          draft, ByteBuffer.allocate(4 + bytes.length).putInt(crc(bytes)).put(bytes).array());
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static String name(final int[] checksums) {
    final StringBuilder name = new StringBuilder(FORM);
    for (final int checksum : checksums) {
      name.append('-').append(Integer.toHexString(checksum));
    }
    return name.append(".table").toString();
  }

  private static int crc(final byte[] bytes) {
    final CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** Asked for when there is something to say: finding the logger would slow every start. */
  private static void warn(final String message, final String detail) {
    System.getLogger(PackCache.class.getName()).log(System.Logger.Level.WARNING, message, detail);
  }
}
