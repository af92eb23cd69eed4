package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;

/**
 * A self-contained proof that a log has a record (C2SP tlog-proof): index, path and a checkpoint
 * with its signatures. Reading checks the form only. Immutable.
 */
public final class TlogProof {
  /** Longest proof accepted, in bytes. */
  public static final int PROOF_BYTES_MAX = SignedNote.NOTE_BYTES_MAX + (1 << 17);

  /** Most bytes of extra data accepted. */
  public static final int EXTRA_BYTES_MAX = 65_535;

  /** Most lines of the path. */
  public static final int HASHES_MAX = 63;

  private static final String HEAD = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";

  private final byte[] extra;
  private final long index;
  private final List<byte[]> path;
  private final SignedNote note;

  private TlogProof(byte[] extra, long index, List<byte[]> path, SignedNote note) {
    this.extra = extra;
    this.index = index;
    this.path = List.copyOf(path);
    this.note = note;
  }

  /**
   * A proof without extra data.
   *
   * @param path nearest sibling first, as {@link Merkle#inclusionProof} gives it
   * @throws IllegalArgumentException if the index is negative or the path too long
   */
  public static TlogProof of(long index, List<byte[]> path, SignedNote note) {
    if (index < 0
        || path.size() > HASHES_MAX
        || path.stream().anyMatch(hash -> hash.length != Merkle.HASH_BYTES)) {
      throw new IllegalArgumentException("a proof has an index and up to 63 hashes");
    }
    return new TlogProof(null, index, path, note);
  }

  /** Reads a proof strictly: one byte form for each proof. */
  public static TlogProof parse(byte[] proof) throws NoteException {
    if (proof.length > PROOF_BYTES_MAX) {
      throw new NoteException("a proof has at most " + PROOF_BYTES_MAX + " bytes");
    }
    String text = NoteText.utf8(proof);
    int split = text.indexOf("\n\n");
    if (split < 0) {
      throw new NoteException("no empty line between path and checkpoint");
    }
    String[] lines = text.substring(0, split).split("\n", -1);
    int at = 0;
    if (!lines[at++].equals(HEAD)) {
      throw new NoteException("not a proof: the first line is not " + HEAD);
    }
    byte[] extra = null;
    if (at < lines.length && lines[at].startsWith(EXTRA)) {
      extra = NoteText.base64(lines[at++].substring(EXTRA.length()));
      if (extra.length > EXTRA_BYTES_MAX) {
        throw new NoteException("extra data has at most " + EXTRA_BYTES_MAX + " bytes");
      }
    }
    if (at == lines.length || !lines[at].startsWith(INDEX)) {
      throw new NoteException("the proof has no index line");
    }
    long index = NoteText.decimal(lines[at++].substring(INDEX.length()), "an index");
    List<byte[]> path = NoteText.hashes(List.of(lines).subList(at, lines.length), HASHES_MAX);
    SignedNote note = SignedNote.parse(text.substring(split + 2).getBytes(UTF_8));
    return new TlogProof(extra, index, path, note);
  }

  /** The record's index. */
  public long index() {
    return index;
  }

  /** Sibling hashes from the leaf's up; not to be changed. */
  public List<byte[]> path() {
    return path;
  }

  /** The checkpoint's note with its signatures, unverified. */
  public SignedNote note() {
    return note;
  }

  /** The extra data, which nothing authenticates, or null. */
  public byte[] extra() {
    return extra == null ? null : extra.clone();
  }

  /**
   * Whether the record lies at the index in the tree of a checkpoint.
   *
   * @param checkpoint what the verified {@link #note} says
   */
  public boolean includes(byte[] record, Checkpoint checkpoint) {
    return Merkle.inclusionHolds(
        Merkle.leafHash(record), index, checkpoint.size(), path, checkpoint.root());
  }

  /** The proof, byte-exact. */
  public byte[] toBytes() {
    StringBuilder head = new StringBuilder(HEAD).append('\n');
    if (extra != null) {
      head.append(EXTRA).append(Base64.getEncoder().encodeToString(extra)).append('\n');
    }
    head.append(INDEX).append(index).append('\n');
    for (byte[] hash : path) {
      head.append(Base64.getEncoder().encodeToString(hash)).append('\n');
    }
    head.append('\n');
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.toString().getBytes(UTF_8));
    out.writeBytes(note.toBytes());
    return out.toByteArray();
  }
}
