package io.sealgate.log;

import io.sealgate.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Verifies a log from its records up, trusting nothing but public keys: every leaf hash and tile is
 * recomputed, every stored checkpoint's signature checked, and its root compared with the tree at
 * its size. That shows what was sealed is unchanged; that the newest records were not cut off
 * together with their checkpoints, only a witness or an older copy of a checkpoint can show.
 */
public final class LogVerifier {
  /** Longest trust file read. */
  private static final long TRUST_BYTES_MAX = 1L << 20;

  private LogVerifier() {}

  /**
   * The outcome.
   *
   * @param ok whether everything held
   * @param shards shards looked at
   * @param records records whose hashes were recomputed
   * @param checkpoints checkpoints verified
   * @param shard the shard with the problem, or null
   * @param firstBadIndex the first record the problem concerns, or -1 where it concerns none
   * @param problem what is wrong, or null
   * @param notCanonical records that are not canonical JSON (RFC 8785); they are sealed all the
   *     same
   * @param firstNotCanonical index of the first of them in its shard, or -1
   */
  public record Report(
      boolean ok,
      int shards,
      long records,
      long checkpoints,
      String shard,
      long firstBadIndex,
      String problem,
      long notCanonical,
      long firstNotCanonical) {}

  /**
   * Verifies the log of a data directory with the keys of its own trust file. The signer may be
   * writing.
   *
   * @throws IOException if there is no log or no trust file to verify with
   */
  public static Report verifyData(Path dataDir) throws IOException {
    return verifyData(dataDir, dataDir.resolve("log").resolve(LogTables.TRUST_FILE));
  }

  /** As {@link #verifyData(Path)} with keys from elsewhere, which is the stronger check. */
  public static Report verifyData(Path dataDir, Path trustFile) throws IOException {
    NoteVerifier keys = trust(trustFile);
    Tally tally = new Tally();
    try (LogReader reader = LogReader.open(dataDir.resolve("log"))) {
      for (String shard : reader.shards()) {
        tally.shards++;
        try {
          verifyDataShard(reader, shard, keys, tally);
        } catch (LogProblem e) {
          return tally.bad(shard, e.index(), e.getMessage());
        } catch (StoreException e) {
          return tally.bad(shard, -1, e.getMessage());
        }
      }
    }
    return tally.good();
  }

  private static void verifyDataShard(
      LogReader reader, String shard, NoteVerifier keys, Tally tally)
      throws IOException, LogProblem {
    // Read before the head: in a sound log that is being written, the head can only be ahead of it.
    long stored = reader.storedRecords(shard);
    long covered = reader.storedCheckpointSize(shard);
    TreeHead head = reader.head(shard);
    if (head == null) {
      if (stored > 0 || covered > 0) {
        throw new LogProblem(0, "there are records or checkpoints but no tree head");
      }
      return;
    }
    if (stored > head.size()) {
      throw new LogProblem(head.size(), "records from " + head.size() + " on are not sealed");
    }
    if (covered > head.size()) {
      throw new LogProblem(head.size(), "records from " + head.size() + " on were removed");
    }
    ShardVerifier verifier =
        new ShardVerifier(
            new DataShard(reader, shard), keys, tally.origin(shard, reader.origin(shard)));
    try {
      verifier.verify(head.size());
    } finally {
      tally.add(verifier);
    }
    if (!Arrays.equals(verifier.root(), head.root())
        || !Arrays.equals(head.frontier().root(), head.root())) {
      throw new LogProblem(head.size() - 1, "the stored tree head does not match the records");
    }
  }

  /**
   * Verifies what {@link LogExport} wrote, without LMDB, with the keys that lie in the export:
   * proof only that the export is whole.
   *
   * @throws IOException if there is no export or no key file
   */
  public static Report verifyExport(Path dir) throws IOException {
    return verifyExport(dir, dir.resolve(LogExport.KEY_FILE));
  }

  /** As {@link #verifyExport(Path)} with keys the auditor got elsewhere. */
  public static Report verifyExport(Path dir, Path trustFile) throws IOException {
    NoteVerifier keys = trust(trustFile);
    Tally tally = new Tally();
    List<Path> shards;
    try (Stream<Path> entries = Files.list(dir)) {
      shards =
          entries
              .filter(Files::isDirectory)
              .filter(path -> LogOrigin.isShard(path.getFileName().toString()))
              .sorted()
              .toList();
    }
    for (Path path : shards) {
      String name = path.getFileName().toString();
      tally.shards++;
      try {
        ExportShard shard = ExportShard.open(path, keys);
        ShardVerifier verifier = new ShardVerifier(shard, keys, tally.origin(name, shard.origin()));
        try {
          verifier.verify(shard.size());
        } finally {
          tally.add(verifier);
        }
      } catch (LogProblem e) {
        return tally.bad(name, e.index(), e.getMessage());
      } catch (NoteException | NoSuchFileException e) {
        return tally.bad(name, 0, "the checkpoint cannot be used: " + e.getMessage());
      }
    }
    return tally.good();
  }

  private static NoteVerifier trust(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > TRUST_BYTES_MAX) {
      throw new NoSuchFileException(
          file.toString(),
          null,
          "no trust file; name one with the log's verifier keys, one a line");
    }
    return NoteVerifier.parse(Files.readString(file));
  }

  /** Sums over the shards. */
  private static final class Tally {
    private int shards;
    private long records;
    private long checkpoints;
    private long notCanonical;
    private long firstNotCanonical = -1;
    private String base;

    /** Checks that a shard belongs where it lies and to the same log as the others. */
    String origin(String shard, String origin) throws LogProblem {
      try {
        LogOrigin parsed = LogOrigin.parse(String.valueOf(origin));
        if (parsed.shard().equals(shard) && (base == null || base.equals(parsed.base()))) {
          base = parsed.base();
          return origin;
        }
      } catch (IllegalArgumentException e) {
        throw new LogProblem(0, "the shard has no valid origin: " + e.getMessage());
      }
      throw new LogProblem(0, "the shard's origin " + origin + " does not belong here");
    }

    void add(ShardVerifier verifier) {
      records += verifier.records();
      checkpoints += verifier.checkpoints();
      notCanonical += verifier.notCanonical();
      if (firstNotCanonical < 0) {
        firstNotCanonical = verifier.firstNotCanonical();
      }
    }

    Report good() {
      return report(true, null, -1, null);
    }

    Report bad(String shard, long index, String problem) {
      return report(false, shard, index, problem);
    }

    private Report report(boolean ok, String shard, long index, String problem) {
      return new Report(
          ok, shards, records, checkpoints, shard, index, problem, notCanonical, firstNotCanonical);
    }
  }
}
