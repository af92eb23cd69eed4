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
   * A shard that was exported.
   *
   * @param leftOut newer records of the range that were left out, because no witness has cosigned a
   *     head over them yet
   */
  public record Exported(String shard, long leftOut) {}

  /**
   * Exports the records of a range of times, each shard as of a checkpoint that covers them. The
   * signer may be writing. Where the appliance asks witnesses, the trust policy asks for them too,
   * and the newest shard ends at a head that they cosigned.
   *
   * @param out absent or an empty directory
   * @param cosigned whether records are left out that no cosigned head covers, so that the export
   *     verifies by its own policy; without effect on a shard that has no cosigned head
   * @return the shards exported; none where no record is of that time
   * @throws IOException if {@code out} is not empty, there is no log, or the disk fails; what was
   *     written stays
   */
  public static List<Exported> export(Path dataDir, Path out, TimeRange range, boolean cosigned)
      throws IOException {
    Path trustFile = DataVerifier.trustFile(dataDir);
    if (!Files.isRegularFile(trustFile)) {
      throw new IOException(dataDir + " holds no log: " + trustFile + " is missing");
    }
    TrustPolicy trust = DataVerifier.trust(dataDir);
    Files.createDirectories(out);
    try (Stream<Path> entries = Files.list(out)) {
      if (entries.findAny().isPresent()) {
        throw new IOException(out + " is not empty; name a new directory");
      }
    }
    Files.write(out.resolve(LogVerifier.TRUST_FILE), trust.toBytes());
    Files.write(out.resolve(README_RESOURCE), readme());
    try (LogReader reader = LogReader.openCosigned(dataDir)) {
      List<Exported> exported = new ArrayList<>();
      List<String> shards = reader.shards();
      for (String shard : shards) {
        TimeRange.Part part = range.partOf(reader, shard);
        if (part != null) {
          long wanted = size(part.note());
          // A closed shard stays whole: the next one continues its last head.
          boolean trim = cosigned && shard.equals(shards.getLast());
          TimeRange.Part shown = trim ? cosigned(reader, shard, part) : part;
          exportShard(reader, shard, shown, trust, out.resolve(shard));
          exported.add(new Exported(shard, Math.max(0, wanted - size(shown.note()))));
        }
      }
      return exported;
    }
  }

  /** The part as of the newest cosigned head, where there is one. */
  private static TimeRange.Part cosigned(LogReader reader, String shard, TimeRange.Part part)
      throws IOException {
    long covered = reader.covered(shard);
    byte[] note = reader.checkpointAt(shard, covered);
    return note == null ? part : new TimeRange.Part(Math.min(part.firstIndex(), covered - 1), note);
  }

  private static long size(byte[] note) throws IOException {
    return Checkpoint.parse(SignedNote.parse(note).text()).size();
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
