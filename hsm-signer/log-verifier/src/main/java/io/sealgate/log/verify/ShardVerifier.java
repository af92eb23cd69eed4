package io.sealgate.log.verify;

import io.sealgate.log.Dsse;
import io.sealgate.log.Frontier;
import io.sealgate.log.JcsException;
import io.sealgate.log.JcsReader;
import io.sealgate.log.Merkle;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignatureChecker;
import io.sealgate.log.TilePath;
import io.sealgate.log.TileStack;
import io.sealgate.log.TrustPolicy;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Recomputes one shard from its records alone: leaf hashes, every tile, and the root at the size of
 * every checkpoint, whose signatures and origin are checked too. Checkpoints that all match one
 * tree are consistent with each other.
 */
final class ShardVerifier {
  private final ShardSource source;
  private final TrustPolicy trust;
  private final String origin;
  private final KeyWindows keys;
  private final GapCheck gaps;
  private final ShardLink link;
  private final HeldCheckpoints held;
  private final SignatureChecker signatures;
  private final CheckpointsAhead ahead;
  private final Frontier frontier = new Frontier();
  private final TileStack tiles = new TileStack();
  private CheckpointsAhead.Head next;
  private long lastSize;
  private byte[] lastNote;
  private long leftOut;
  private long checkpoints;
  private long cosignedSize;
  private long notCanonical;
  private long firstNotCanonical = -1;

  ShardVerifier(
      ShardSource source,
      String origin,
      VerifyOptions options,
      GapCheck gaps,
      ShardLink link,
      HeldCheckpoints held) {
    this.source = source;
    this.origin = origin;
    this.trust = options.trust();
    this.signatures = options.signatures();
    this.keys = new KeyWindows(origin, trust);
    this.ahead = new CheckpointsAhead(source, trust, signatures);
    this.gaps = gaps;
    this.link = link;
    this.held = held;
  }

  /** Verifies all that the source says it has. */
  void verify() throws IOException, VerifyFailure {
    // Signed before any work is done for it, so that a forged size costs nothing.
    next = nextHead();
    long size = source.size();
    long minimum = source.minimumIndex();
    checkpointsHere();
    BundlesAhead bundles = new BundlesAhead(source, size);
    for (long n = 0; n * TilePath.FULL < size; n++) {
      if ((n + 1) * TilePath.FULL <= minimum) {
        takeHashes(n);
      } else {
        verifyBundle(n, BundlesAhead.width(n, size), bundles.bundle(n));
      }
    }
    for (int level = 0; level < TileStack.LEVELS; level++) {
      TileStack.OpenTile tile = tiles.open(level);
      if (tile.width() > 0) {
        checkTile(level, tile.n(), tile.hashes(), tile.width());
      }
    }
    if (size > 0 && lastSize != size) {
      throw tree(lastSize, "no checkpoint covers the records from " + lastSize + " on");
    }
    source.finish(frontier.root());
    held.finish(origin, size);
    if (trust.asksForWitnesses() && cosignedSize == 0 && size > 0) {
      throw new VerifyFailure(
          VerifyExit.QUORUM, 0, "no checkpoint is cosigned by as many witnesses as are asked for");
    }
  }

  /** Of records that are left out, the leaf hashes stand for them. */
  private void takeHashes(long n) throws IOException, VerifyFailure {
    long first = n * TilePath.FULL;
    byte[] leaves = leaves(n, TilePath.FULL);
    for (int i = 0; i < TilePath.FULL; i++) {
      frontier.appendLeafHash(leaves, i * Merkle.HASH_BYTES, tiles);
      leftOut++;
      checkpointsHere();
    }
    link.unseen(first);
    checkFilledTiles();
  }

  private void verifyBundle(long n, int width, ReadRecords read) throws IOException, VerifyFailure {
    long first = n * TilePath.FULL;
    List<byte[]> records = read.records();
    byte[] leaves = leaves(n, width);
    if (records.isEmpty()) {
      throw tree(first, "record " + first + " is missing");
    }
    for (int i = 0; i < records.size(); i++) {
      int at = i * Merkle.HASH_BYTES;
      frontier.appendLeafHash(read.leaves(), at, tiles);
      if (!Arrays.equals(
          read.leaves(), at, at + Merkle.HASH_BYTES, leaves, at, at + Merkle.HASH_BYTES)) {
        throw tree(first + i, "record " + (first + i) + " does not match its stored leaf hash");
      }
      take(first + i, records.get(i), read, i);
      checkpointsHere();
    }
    if (records.size() < width) {
      long missing = first + records.size();
      throw tree(missing, "record " + missing + " is missing or cut off");
    }
    checkFilledTiles();
  }

  private byte[] leaves(long n, int width) throws IOException, VerifyFailure {
    byte[] leaves = source.tile(0, n, width);
    if (leaves == null) {
      throw tree(n * TilePath.FULL, "hash tile 0/" + n + " is missing or cut off");
    }
    return leaves;
  }

  private void checkFilledTiles() throws IOException, VerifyFailure {
    for (TileStack.FullTile tile : tiles.filled()) {
      checkTile(tile.level(), tile.n(), tile.hashes(), TilePath.FULL);
    }
    tiles.save();
  }

  private void checkTile(int level, long n, byte[] hashes, int width)
      throws IOException, VerifyFailure {
    byte[] stored = source.tile(level, n, width);
    int bytes = width * Merkle.HASH_BYTES;
    if (stored == null || !Arrays.equals(stored, 0, bytes, hashes, 0, bytes)) {
      throw tree(
          (n << TilePath.HEIGHT) << level * TilePath.HEIGHT,
          "hash tile " + level + "/" + n + " does not match the records");
    }
  }

  private void checkpointsHere() throws IOException, VerifyFailure {
    while (next != null && next.size() == frontier.size()) {
      checkRoot();
      checkpoints++;
      lastSize = next.size();
      lastNote = next.note();
      next = nextHead();
    }
    if (held.has(origin, frontier.size())) {
      checkpoints += held.check(origin, frontier.size(), frontier.root());
    }
  }

  private CheckpointsAhead.Head nextHead() throws IOException, VerifyFailure {
    return ahead.next(origin, keys.keys(), lastSize);
  }

  private void checkRoot() throws VerifyFailure {
    if (!Arrays.equals(next.checkpoint().root(), frontier.root())) {
      throw tree(
          lastSize,
          "the checkpoint of size "
              + next.size()
              + " does not match the records; the first bad one is from "
              + lastSize
              + " on");
    }
    keys.signed(next.size(), lastSize, next.signers());
    if (trust.asksForWitnesses() && trust.isQuorum(next.signers())) {
      cosignedSize = next.size();
    }
  }

  private void take(long index, byte[] record, ReadRecords read, int i) throws VerifyFailure {
    Object document;
    try {
      document = read.document(i);
      if (Dsse.isRecordEnvelope(document)) {
        document = JcsReader.parse(signedRecord(index, record));
      }
    } catch (JcsException _) {
      // The bytes are evidence whatever their form, so it is counted, not an error.
      if (notCanonical++ == 0) {
        firstNotCanonical = index;
      }
      return;
    }
    if (document instanceof Map<?, ?> members) {
      String event = LogEvents.name(members);
      if (event != null) {
        keys.event(event, index, members);
      }
      link.record(index, event, members);
      gaps.record(source.shard(), index, members);
    }
  }

  /** In record mode a leaf is an envelope that a key of the log signed. */
  private byte[] signedRecord(long index, byte[] leaf) throws VerifyFailure {
    try {
      Dsse envelope = Dsse.parse(leaf);
      if (keys.announced().stream().anyMatch(key -> envelope.isSignedBy(key, signatures))) {
        return envelope.payload();
      }
    } catch (NoteException e) {
      throw new VerifyFailure(
          VerifyExit.MALFORMED, index, "record " + index + " cannot be read: " + e.getMessage());
    }
    throw new VerifyFailure(
        VerifyExit.SIGNATURE, index, "record " + index + " is signed by no key of the log");
  }

  private static VerifyFailure tree(long index, String problem) {
    return new VerifyFailure(VerifyExit.TREE, index, problem);
  }

  byte[] root() {
    return frontier.root();
  }

  /** The newest checkpoint as it is stored. */
  byte[] lastNote() {
    return lastNote;
  }

  long size() {
    return frontier.size();
  }

  long records() {
    return frontier.size() - leftOut;
  }

  long leftOut() {
    return leftOut;
  }

  long checkpoints() {
    return checkpoints;
  }

  long cosignedSize() {
    return cosignedSize;
  }

  long notCanonical() {
    return notCanonical;
  }

  long firstNotCanonical() {
    return firstNotCanonical;
  }
}
