package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * What a checkpoint note says (C2SP tlog-checkpoint): origin, size and root of a tree, and
 * extension lines. Immutable.
 */
public final class Checkpoint {
  /** Most extension lines accepted. */
  public static final int EXTENSIONS_MAX = 16;

  private final String origin;
  private final long size;
  private final byte[] root;
  private final List<String> extensions;

  private Checkpoint(String origin, long size, byte[] root, List<String> extensions) {
    this.origin = origin;
    this.size = size;
    this.root = root;
    this.extensions = extensions;
  }

  /**
   * A checkpoint without extension lines.
   *
   * @throws IllegalArgumentException if the origin is empty or has a newline, the size is negative
   *     or the root has not 32 bytes
   */
  public static Checkpoint of(String origin, long size, byte[] root) {
    if (origin.isEmpty() || origin.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("an origin is one line of text");
    }
    if (size < 0 || root.length != Merkle.HASH_BYTES) {
      throw new IllegalArgumentException("a size is not negative and a root has 32 bytes");
    }
    return new Checkpoint(origin, size, root.clone(), List.of());
  }

  /** Reads the text of a note strictly. */
  public static Checkpoint parse(byte[] text) throws NoteException {
    String decoded = NoteText.utf8(text);
    if (!decoded.endsWith("\n")) {
      throw new NoteException("a checkpoint ends with a newline");
    }
    List<String> lines = Arrays.asList(decoded.substring(0, decoded.length() - 1).split("\n", -1));
    if (lines.size() < 3 || lines.size() > 3 + EXTENSIONS_MAX || lines.contains("")) {
      throw new NoteException(
          "a checkpoint has three lines and up to " + EXTENSIONS_MAX + " more, none empty");
    }
    byte[] root = NoteText.base64(lines.get(2));
    if (root.length != Merkle.HASH_BYTES) {
      throw new NoteException("a checkpoint's root has " + Merkle.HASH_BYTES + " bytes");
    }
    return new Checkpoint(
        lines.getFirst(),
        NoteText.decimal(lines.get(1), "a checkpoint's size"),
        root,
        List.copyOf(lines.subList(3, lines.size())));
  }

  /** The log the checkpoint is of. */
  public String origin() {
    return origin;
  }

  /** Records in the tree. */
  public long size() {
    return size;
  }

  /** The root hash; the array is the caller's. */
  public byte[] root() {
    return root.clone();
  }

  /** Lines after the third. */
  public List<String> extensions() {
    return extensions;
  }

  /** The note text in UTF-8: what is signed. */
  public byte[] toBytes() {
    StringBuilder text = new StringBuilder(origin);
    text.append('\n').append(size).append('\n');
    text.append(Base64.getEncoder().encodeToString(root)).append('\n');
    extensions.forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(UTF_8);
  }
}
