package io.sealgate.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A shard as static files in the C2SP tlog-tiles layout. */
final class ExportShard implements ShardSource {
  static final String CHECKPOINT = "checkpoint";

  private final Path dir;
  private final String origin;
  private final long size;
  private StoredCheckpoint checkpoint;

  private ExportShard(Path dir, Checkpoint head, byte[] note) {
    this.dir = dir;
    this.origin = head.origin();
    this.size = head.size();
    this.checkpoint = new StoredCheckpoint(size, note);
  }

  static ExportShard open(Path dir, NoteVerifier keys) throws IOException {
    byte[] note = readBounded(dir.resolve(CHECKPOINT), SignedNote.NOTE_BYTES_MAX);
    if (note == null) {
      throw new NoSuchFileException(dir.resolve(CHECKPOINT).toString(), null, "no checkpoint");
    }
    // Checked before any work, so that a forged size costs nothing.
    return new ExportShard(dir, keys.checkpoint(note), note);
  }

  /** Records in the exported tree. */
  long size() {
    return size;
  }

  /** The log it is a shard of. */
  String origin() {
    return origin;
  }

  @Override
  public String shard() {
    return dir.getFileName().toString();
  }

  @Override
  public List<byte[]> records(long n, int width) throws IOException {
    List<byte[]> records = new ArrayList<>(width);
    Path file = dir.resolve(new TilePath(TilePath.ENTRIES, n, width).toString());
    byte[] bundle = readBounded(file, TilePath.FULL * (LogWriter.RECORD_BYTES_MAX + 2));
    int at = 0;
    while (bundle != null && bundle.length - at >= 2 && records.size() < width) {
      int length = (bundle[at] & 0xFF) << 8 | bundle[at + 1] & 0xFF;
      at += 2;
      if (bundle.length - at < length) {
        break;
      }
      records.add(Arrays.copyOfRange(bundle, at, at + length));
      at += length;
    }
    return records;
  }

  @Override
  public byte[] tile(int level, long n, int width) throws IOException {
    byte[] hashes =
        readBounded(dir.resolve(new TilePath(level, n, width).toString()), TileStack.TILE_BYTES);
    return hashes == null || hashes.length != width * Merkle.HASH_BYTES ? null : hashes;
  }

  @Override
  public StoredCheckpoint nextCheckpoint() {
    StoredCheckpoint only = checkpoint;
    checkpoint = null;
    return only;
  }

  /** A file's bytes, or null if there is none or it is longer than such a file can be. */
  private static byte[] readBounded(Path file, int bytesMax) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > bytesMax) {
      return null;
    }
    return Files.readAllBytes(file);
  }
}
