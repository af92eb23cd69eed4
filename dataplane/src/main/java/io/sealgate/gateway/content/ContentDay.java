package io.sealgate.gateway.content;

import io.sealgate.gateway.content.Content.Part;
import io.sealgate.signer.client.ContentKeyClient;
import io.sealgate.signer.client.ContentKeyClient.ContentKey;
import io.sealgate.store.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is kept of one UTC day's calls: a folder with the wrapped key of the day ({@code day-key}),
 * the keys of its subjects ({@link SubjectKeys}) and an LMDB environment ({@code rows}). Any
 * thread.
 *
 * <pre>
 * content   request id "/prompt" or "/answer" ->
 *             u8 1 | i32 slot of the subject's key | 60 the piece's key, wrapped by it
 *               | nonce, encrypted 32-byte salt and piece, tag        or: u8 0, erased
 * subjects  tag, request id "/..." -> one byte
 * </pre>
 */
final class ContentDay implements AutoCloseable {
  static final int SALT_BYTES = 32;
  private static final String ROWS = "content";
  private static final String SUBJECTS = "subjects";
  private static final byte[] TOMBSTONE = {0};
  private static final byte[] PRESENT = {1};
  private static final int HEAD_BYTES = 1 + Integer.BYTES;
  private static final int WRAPPED_BYTES = ContentCipher.KEY_BYTES + ContentCipher.OVERHEAD_BYTES;
  private static final int ERASED_PER_WRITE = 1_000;

  private final String day;
  private final Path folder;
  private final StateStore rows;
  private final SubjectKeys subjects;
  private byte[] dayKey;

  private ContentDay(
      final String day, final Path folder, final StateStore rows, final SubjectKeys subjects) {
    this.day = day;
    this.folder = folder;
    this.rows = rows;
    this.subjects = subjects;
  }

  /** Opens a day, made when absent. Until {@link #unlock} it can only be erased from. */
  static ContentDay open(final Path folder, final String day) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    final StateStore rows = StateStore.open(folder.resolve("rows"));
    boolean ready = false;
    try {
      final ContentDay opened =
          new ContentDay(day, folder, rows, SubjectKeys.open(day, folder.resolve("subject-keys")));
      ready = true;
      return opened;
    } finally {
      if (!ready) {
        rows.close();
      }
    }
  }

  /**
   * Has the token make or unwrap the day's key.
   *
   * @throws IOException why it cannot be had
   */
  synchronized void unlock(final ContentKeyClient keys) throws IOException {
    final Path file = folder.resolve("day-key");
    if (Files.exists(file)) {
      dayKey = keys.open(day, Files.readAllBytes(file)).key();
      return;
    }
    final ContentKey made = keys.make(day);
    final Path fresh = folder.resolve("day-key.new");
    Files.deleteIfExists(fresh);
    try (FileChannel out =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      final ByteBuffer bytes = ByteBuffer.wrap(made.wrapped());
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    flush(folder);
    flush(folder.getParent());
    dayKey = made.key();
  }

  private static void flush(final Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private synchronized byte[] dayKey() throws IOException {
    if (dayKey == null) {
      throw new IOException("the key of " + day + " is not at hand");
    }
    // A copy: closing wipes it, and what is under way must not go on with zeros.
    return dayKey.clone();
  }

  /** Encrypts pieces and puts them on disk, all or none. */
  void put(final List<Piece> pieces, final Function<Piece, byte[]> tagOf) throws IOException {
    final List<byte[]> tags = new ArrayList<>(pieces.size());
    final List<byte[]> values = new ArrayList<>(pieces.size());
    for (final Piece piece : pieces) {
      final byte[] tag = tagOf.apply(piece);
      final int slot = subjects.slot(tag, dayKey());
      final String context = context(piece.requestId(), piece.part());
      final byte[] pieceKey = ContentCipher.random(ContentCipher.KEY_BYTES);
      final byte[] wrapped = ContentCipher.seal(subjects.key(slot, dayKey()), context, pieceKey);
      final byte[] sealed = ContentCipher.seal(pieceKey, context, piece.salt(), piece.bytes());
      tags.add(tag);
      values.add(
          ByteBuffer.allocate(HEAD_BYTES + wrapped.length + sealed.length)
              .put((byte) 1)
              .putInt(slot)
              .put(wrapped)
              .put(sealed)
              .array());
    }
    subjects.flush();
    rows.write(
        batch -> {
          for (int i = 0; i < pieces.size(); i++) {
            final byte[] key = key(pieces.get(i).requestId(), pieces.get(i).part());
            batch.put(ROWS, key, values.get(i));
            batch.put(SUBJECTS, joined(tags.get(i), key), PRESENT);
          }
        });
  }

  /**
   * One piece.
   *
   * @throws IOException where it is damaged, or its key cannot be had
   */
  Content read(final String requestId, final Part part) throws IOException {
    final byte[] row;
    try {
      row = rows.get(ROWS, key(requestId, part));
    } catch (final UncheckedIOException e) {
      throw e.getCause();
    }
    if (row == null) {
      return Content.ABSENT;
    }
    if (row[0] == 0) {
      return Content.ERASED;
    }
    if (row.length < HEAD_BYTES + WRAPPED_BYTES + ContentCipher.OVERHEAD_BYTES + SALT_BYTES) {
      throw damaged(requestId, "is cut short", null);
    }
    final byte[] subjectKey = subjects.key(ByteBuffer.wrap(row).getInt(1), dayKey());
    if (subjectKey == null) {
      // An erasure that was cut short after the key went.
      return Content.ERASED;
    }
    try {
      final String context = context(requestId, part);
      final byte[] pieceKey =
          ContentCipher.open(subjectKey, context, row, HEAD_BYTES, HEAD_BYTES + WRAPPED_BYTES);
      final byte[] plain =
          ContentCipher.open(pieceKey, context, row, HEAD_BYTES + WRAPPED_BYTES, row.length);
      return new Content(
          Content.State.KEPT,
          Arrays.copyOf(plain, SALT_BYTES),
          Arrays.copyOfRange(plain, SALT_BYTES, plain.length));
    } catch (final IOException e) {
      throw damaged(requestId, e.getMessage(), e);
    }
  }

  private IOException damaged(final String requestId, final String how, final IOException cause) {
    return new IOException("the content of " + requestId + " in " + folder + " " + how, cause);
  }

  /**
   * Erases a subject: its key first, after which nothing can be read, then the rows.
   *
   * @return how many pieces went
   */
  int erase(final byte[] tag) throws IOException {
    subjects.erase(tag);
    int erased = 0;
    while (true) {
      final List<byte[]> found = new ArrayList<>();
      try {
        rows.scan(
            SUBJECTS,
            tag,
            (key, value) -> {
              final boolean its = Arrays.equals(key, 0, tag.length, tag, 0, tag.length);
              if (its) {
                found.add(key);
              }
              return its && found.size() < ERASED_PER_WRITE;
            });
      } catch (final UncheckedIOException e) {
        throw e.getCause();
      }
      if (found.isEmpty()) {
        return erased;
      }
      rows.write(
          batch -> {
            for (final byte[] key : found) {
              batch.put(ROWS, Arrays.copyOfRange(key, tag.length, key.length), TOMBSTONE);
              batch.delete(SUBJECTS, key);
            }
          });
      erased += found.size();
    }
  }

  private String context(final String requestId, final Part part) {
    return "sealgate content " + day + " " + requestId + " " + part;
  }

  private static byte[] key(final String requestId, final Part part) {
    return (requestId + "/" + part.name().toLowerCase(Locale.ROOT))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] joined(final byte[] first, final byte[] second) {
    final byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Override
  public synchronized void close() throws IOException {
    if (dayKey != null) {
      Arrays.fill(dayKey, (byte) 0);
      dayKey = null;
    }
    try (rows) {
      subjects.close();
    }
  }

  /** Deletes a day that is not open: its key is overwritten first. */
  static void delete(final Path folder) throws IOException {
    final Path key = folder.resolve("day-key");
    if (Files.exists(key)) {
      try (FileChannel out = FileChannel.open(key, StandardOpenOption.WRITE)) {
        out.write(ByteBuffer.allocate((int) out.size()), 0);
        out.force(true);
      }
    }
    final List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.toList();
    }
    for (final Path one : all.reversed()) {
      Files.deleteIfExists(one);
    }
  }
}
