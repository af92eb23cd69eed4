package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;

/**
 * The body of a request to a witness (C2SP tlog-witness, add-checkpoint): the size the witness saw
 * last, the proof from there, and the checkpoint.
 *
 * @param oldSize 0 where the witness saw nothing, or that is not known
 * @param proof as {@link Merkle#consistencyProof} gives it; not to be changed
 * @param note the checkpoint with the log's signatures, unverified
 */
public record AddCheckpoint(long oldSize, List<byte[]> proof, SignedNote note) {
  /** Most hashes in the proof. */
  public static final int HASHES_MAX = 63;

  /** Longest body accepted, in bytes. */
  public static final int BODY_BYTES_MAX = 1 << 16;

  private static final String OLD = "old ";

  public AddCheckpoint {
    if (oldSize < 0
        || proof.size() > HASHES_MAX
        || proof.stream().anyMatch(hash -> hash.length != Merkle.HASH_BYTES)) {
      throw new IllegalArgumentException("a request has a size and up to 63 hashes");
    }
    proof = List.copyOf(proof);
  }

  /** Reads a body strictly. */
  public static AddCheckpoint parse(byte[] body) throws NoteException {
    if (body.length > BODY_BYTES_MAX) {
      throw new NoteException("a request has at most " + BODY_BYTES_MAX + " bytes");
    }
    String text = NoteText.utf8(body);
    int split = text.indexOf("\n\n");
    if (split < 0 || !text.startsWith(OLD)) {
      throw new NoteException("a request is an old size, hashes, an empty line and a checkpoint");
    }
    List<String> lines = List.of(text.substring(0, split).split("\n", -1));
    return new AddCheckpoint(
        NoteText.decimal(lines.getFirst().substring(OLD.length()), "the old size"),
        NoteText.hashes(lines.subList(1, lines.size()), HASHES_MAX),
        SignedNote.parse(text.substring(split + 2).getBytes(UTF_8)));
  }

  /** The body, byte-exact. */
  public byte[] toBytes() {
    StringBuilder head = new StringBuilder(OLD).append(oldSize).append('\n');
    for (byte[] hash : proof) {
      head.append(Base64.getEncoder().encodeToString(hash)).append('\n');
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.append('\n').toString().getBytes(UTF_8));
    out.writeBytes(note.toBytes());
    return out.toByteArray();
  }
}
