package io.sealgate.log.export;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TilePath;
import io.sealgate.log.TileStack;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.verify.LogVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes a log as static files that any C2SP tlog-tiles client can read: one folder a shard with
 * {@code checkpoint}, {@code tile/...}, {@code tile/entries/...} and {@code trust-policy}, and
 * beside them the keys of all shards and a note for the auditor.
 *
 * <p>A part of the log is exported as a tree that ends at the first checkpoint over the part's last
 * record, with all its hashes, and without the records that end before the part: C2SP tlog-tiles
 * calls that pruning, and every hash still verifies. The file {@code minimum-index} says from where
 * on the records are there.
 */
public final class LogExport {
  private static final String README_RESOURCE = "README.txt";
  private static final String CHECKPOINT = "checkpoint";
  private static final String MINIMUM_INDEX = "minimum-index";

  private LogExport() {}

  /**
   * Exports the records of a range of times, each shard as of a checkpoint that covers them. The
   * signer may be writing.
   *
   * @param out absent or an empty directory
   * @return the shards exported; none where no record is of that time
   * @throws IOException if {@code out} is not empty, there is no log, or the disk fails; what was
   *     written stays
   */
  public static List<String> export(Path dataDir, Path out, TimeRange range) throws IOException {
    Path trustFile = DataVerifier.trustFile(dataDir);
    if (!Files.isRegularFile(trustFile)) {
      throw new IOException(dataDir + " holds no log: " + trustFile + " is missing");
    }
    TrustPolicy trust = TrustPolicy.read(trustFile);
    Files.createDirectories(out);
    try (Stream<Path> entries = Files.list(out)) {
      if (entries.findAny().isPresent()) {
        throw new IOException(out + " is not empty; name a new directory");
      }
    }
    Files.write(out.resolve(LogVerifier.TRUST_FILE), trust.toBytes());
    Files.write(out.resolve(README_RESOURCE), readme());
    try (LogReader reader = LogReader.open(dataDir.resolve("log"))) {
      List<String> exported = new ArrayList<>();
      for (String shard : reader.shards()) {
        TimeRange.Part part = range.partOf(reader, shard);
        if (part != null) {
          exportShard(reader, shard, part, trust, out.resolve(shard));
          exported.add(shard);
        }
      }
      return exported;
    }
  }

  private static byte[] readme() throws IOException {
    try (InputStream text = LogExport.class.getResourceAsStream(README_RESOURCE)) {
      return text.readAllBytes();
    }
  }

  private static void exportShard(
      LogReader reader, String shard, TimeRange.Part part, TrustPolicy trust, Path dir)
      throws IOException {
    Files.createDirectories(dir);
    Checkpoint head = Checkpoint.parse(SignedNote.parse(part.note()).text());
    long size = head.size();
    long firstBundle = part.firstIndex() / TilePath.FULL;
    exportLevel(reader, shard, dir, TilePath.ENTRIES, firstBundle, size);
    for (int level = 0; level < TileStack.LEVELS; level++) {
      exportLevel(reader, shard, dir, level, 0, size >>> level * TilePath.HEIGHT);
    }
    if (firstBundle > 0) {
      Files.write(
          dir.resolve(MINIMUM_INDEX), (firstBundle * TilePath.FULL + "\n").getBytes(US_ASCII));
    }
    Files.write(dir.resolve(LogVerifier.TRUST_FILE), trust.withLogsOf(head.origin()).toBytes());
    // Last, so that a checkpoint stands only over a complete export.
    Files.write(dir.resolve(CHECKPOINT), part.note());
  }

  private static void exportLevel(
      LogReader reader, String shard, Path dir, int level, long first, long count)
      throws IOException {
    for (long n = first; n * TilePath.FULL < count; n++) {
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
