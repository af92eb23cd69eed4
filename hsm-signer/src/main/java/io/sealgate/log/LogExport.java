package io.sealgate.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Writes a log as static files that any C2SP tlog-tiles client can read: one folder a shard with
 * {@code checkpoint}, {@code tile/...} and {@code tile/entries/...}, and beside them the keys and a
 * note for the auditor.
 */
public final class LogExport {
  /** The verifier keys, one a line, in the export's root. */
  public static final String KEY_FILE = "vkey";

  private static final String README =
      """
      A sealed decision log, exported as static files.

      vkey                      verifier keys of the log, one a line (C2SP signed-note)
      <yyyy>q<n>/checkpoint     signed tree head of that quarter (C2SP tlog-checkpoint)
      <yyyy>q<n>/tile/...       hash tiles and records (C2SP tlog-tiles, RFC 6962 hashes)
      <yyyy>q<n>/tile/entries/  records, each behind its length in two bytes, big-endian

      A record is one JSON document in its canonical form (RFC 8785). Its leaf hash is
      SHA-256 over a zero byte and the record's bytes as they lie here.

      To verify: recompute the tree from the records, compare its root with the third line
      of the checkpoint, and check the checkpoint's signature. Any tlog-tiles client can do
      it, or: sealgate verify --export <this directory> --trust <key file>

      The keys in vkey came with the export. Compare them with the keys you were given by
      another way; whoever can replace the records here can replace the keys here too.
      """;

  private LogExport() {}

  /**
   * Exports every shard as of its last checkpoint. The signer may be writing.
   *
   * @param out absent or an empty directory
   * @throws IOException if {@code out} is not empty, there is no log, or the disk fails; what was
   *     written stays
   */
  public static void export(Path dataDir, Path out) throws IOException {
    Path logDir = dataDir.resolve("log");
    Path trust = logDir.resolve(LogTables.TRUST_FILE);
    if (!Files.isRegularFile(trust)) {
      throw new IOException(dataDir + " holds no log: " + trust + " is missing");
    }
    Files.createDirectories(out);
    try (Stream<Path> entries = Files.list(out)) {
      if (entries.findAny().isPresent()) {
        throw new IOException(out + " is not empty; name a new directory");
      }
    }
    Files.copy(trust, out.resolve(KEY_FILE));
    Files.writeString(out.resolve("README.txt"), README);
    try (LogReader reader = LogReader.open(logDir)) {
      for (String shard : reader.shards()) {
        byte[] note = reader.latestCheckpoint(shard);
        if (note != null) {
          exportShard(reader, shard, note, out.resolve(shard));
        }
      }
    }
  }

  private static void exportShard(LogReader reader, String shard, byte[] note, Path dir)
      throws IOException {
    Files.createDirectories(dir);
    long size = Checkpoint.parse(SignedNote.parse(note).text()).size();
    exportLevel(reader, shard, dir, TilePath.ENTRIES, size);
    for (int level = 0; level < TileStack.LEVELS; level++) {
      exportLevel(reader, shard, dir, level, size >>> level * StoredTiles.TILE_LEVELS);
    }
    // Last, so that a checkpoint stands only over a complete export.
    Files.write(dir.resolve(ExportShard.CHECKPOINT), note);
  }

  private static void exportLevel(LogReader reader, String shard, Path dir, int level, long count)
      throws IOException {
    for (long n = 0; n * TilePath.FULL < count; n++) {
      TilePath path =
          new TilePath(level, n, (int) Math.min(TilePath.FULL, count - n * TilePath.FULL));
      byte[] tile = reader.tile(shard, path);
      if (tile == null) {
        throw new IOException(shard + " lacks " + path + "; verify the log before exporting it");
      }
      Path file = dir.resolve(path.toString());
      Files.createDirectories(file.getParent());
      Files.write(file, tile);
    }
  }
}
