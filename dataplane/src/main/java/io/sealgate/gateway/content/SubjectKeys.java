package io.sealgate.gateway.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * The keys of one day's subjects, wrapped by the day's key, in a file of fixed slots:
 *
 * <pre>
 * 0  16 "sealgate-skeys-1"
 * then slots of 80 bytes: 0 16 tag of the subject | 16 60 wrapped key (nonce, key, tag) | 76 4 zero
 * </pre>
 *
 * <p>Not in LMDB, which keeps old copies in its free pages: here an erased slot is overwritten with
 * zeros in place and flushed. (What a copy-on-write file system or a flash drive keeps below that
 * stays encrypted by the day's key until that goes with the day.) Any thread.
 */
final class SubjectKeys implements AutoCloseable {
  static final int TAG_BYTES = 16;
  private static final byte[] MAGIC = "sealgate-skeys-1".getBytes(StandardCharsets.US_ASCII);
  private static final int WRAPPED_BYTES = ContentCipher.KEY_BYTES + ContentCipher.OVERHEAD_BYTES;
  private static final int SLOT_BYTES = 80;

  /** Bounds the file at 80 MB; one more subject cannot be kept that day. */
  private static final int SLOTS_MAX = 1_000_000;

  private final String day;
  private final FileChannel file;
  private final Map<String, Integer> slotOf = new HashMap<>();
  private final Map<Integer, byte[]> opened = new HashMap<>();
  private int slots;
  private boolean unflushed;

  private SubjectKeys(final String day, final FileChannel file) {
    this.day = day;
    this.file = file;
  }

  /**
   * Opens the file, made when absent. The day's key is not needed for it.
   *
   * @throws IOException also where the file is something else
   */
  static SubjectKeys open(final String day, final Path path) throws IOException {
    final FileChannel file =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    boolean ready = false;
    try {
      final SubjectKeys keys = new SubjectKeys(day, file);
      keys.load(path);
      ready = true;
      return keys;
    } finally {
      if (!ready) {
        file.close();
      }
    }
  }

  private void load(final Path path) throws IOException {
    if (file.size() < MAGIC.length) {
      // Made by this call, or by one that was cut short before anything could refer to it.
      write(ByteBuffer.wrap(MAGIC), 0);
      file.force(true);
    }
    final byte[] magic = new byte[MAGIC.length];
    read(ByteBuffer.wrap(magic), 0);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new IOException(path + " holds no subject keys; put the right file back");
    }
    // A slot that a crash cut short is referred to by nothing, and is written over.
    slots = (int) Math.min(SLOTS_MAX, (file.size() - MAGIC.length) / SLOT_BYTES);
    final byte[] tag = new byte[TAG_BYTES];
    for (int slot = 0; slot < slots; slot++) {
      read(ByteBuffer.wrap(tag), at(slot));
      if (!isZero(tag)) {
        slotOf.put(HexFormat.of().formatHex(tag), slot);
      }
    }
  }

  /** The slot of a subject, made where it has none; durable after {@link #flush}. */
  synchronized int slot(final byte[] tag, final byte[] dayKey) throws IOException {
    final String name = HexFormat.of().formatHex(tag);
    final Integer known = slotOf.get(name);
    if (known != null) {
      return known;
    }
    if (slots == SLOTS_MAX) {
      throw new IOException("the day has " + SLOTS_MAX + " subjects already");
    }
    final byte[] key = ContentCipher.random(ContentCipher.KEY_BYTES);
    final ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
    slot.put(tag).put(ContentCipher.seal(dayKey, context(name), key)).clear();
    write(slot, at(slots));
    unflushed = true;
    slotOf.put(name, slots);
    opened.put(slots, key);
    return slots++;
  }

  /**
   * The key in a slot; null where it was erased. A copy.
   *
   * @throws IOException where the slot is damaged
   */
  synchronized byte[] key(final int slot, final byte[] dayKey) throws IOException {
    final byte[] known = opened.get(slot);
    if (known != null) {
      return known.clone();
    }
    if (slot < 0 || slot >= slots) {
      throw new IOException("the key of the subject is gone without having been erased");
    }
    final byte[] bytes = new byte[SLOT_BYTES];
    read(ByteBuffer.wrap(bytes), at(slot));
    if (isZero(bytes)) {
      return null;
    }
    final String name = HexFormat.of().formatHex(bytes, 0, TAG_BYTES);
    try {
      final byte[] key =
          ContentCipher.open(dayKey, context(name), bytes, TAG_BYTES, TAG_BYTES + WRAPPED_BYTES);
      opened.put(slot, key);
      return key.clone();
    } catch (final IOException e) {
      throw new IOException("the key of the subject " + e.getMessage(), e);
    }
  }

  /** Overwrites a subject's key; durable when this returns. False where it has none. */
  synchronized boolean erase(final byte[] tag) throws IOException {
    final String name = HexFormat.of().formatHex(tag);
    final Integer slot = slotOf.get(name);
    if (slot == null) {
      return false;
    }
    write(ByteBuffer.allocate(SLOT_BYTES), at(slot));
    file.force(true);
    slotOf.remove(name);
    final byte[] key = opened.remove(slot);
    if (key != null) {
      Arrays.fill(key, (byte) 0);
    }
    return true;
  }

  /** Puts new keys on disk, before anything that they encrypt. */
  synchronized void flush() throws IOException {
    if (unflushed) {
      file.force(true);
      unflushed = false;
    }
  }

  private String context(final String tag) {
    return "sealgate subject key " + day + " " + tag;
  }

  private static long at(final int slot) {
    return MAGIC.length + (long) slot * SLOT_BYTES;
  }

  private void write(final ByteBuffer bytes, final long at) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes, at + bytes.position());
    }
  }

  private void read(final ByteBuffer bytes, final long at) throws IOException {
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("the subject keys end early");
      }
    }
  }

  private static boolean isZero(final byte[] bytes) {
    int sum = 0;
    for (final byte one : bytes) {
      sum |= one;
    }
    return sum == 0;
  }

  @Override
  public synchronized void close() throws IOException {
    opened.values().forEach(key -> Arrays.fill(key, (byte) 0));
    opened.clear();
    file.close();
  }
}
