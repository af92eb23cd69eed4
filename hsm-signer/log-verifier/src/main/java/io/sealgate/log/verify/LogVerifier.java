package io.sealgate.log.verify;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TlogProof;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Verifies a log from its records up, trusting nothing but public keys: every leaf hash and tile is
 * recomputed, every checkpoint's signatures checked, and its root compared with the tree at its
 * size. That shows that what was sealed is unchanged; that the newest records were not cut off
 * together with their checkpoints, only a witness or an older copy of a checkpoint can show.
 */
public final class LogVerifier {
  /** The trust file in an export: proof only that the export is whole. */
  public static final String TRUST_FILE = "trust-policy";

  private LogVerifier() {}

  /** Opens one shard; where that fails, the shard is what is wrong. */
  @FunctionalInterface
  public interface ShardOpener {
    /** The shard, or null for one that is only just being made. */
    ShardSource open() throws IOException, VerifyFailure;
  }

  /**
   * One shard to verify.
   *
   * @param name for the report; {@code <yyyy>q<n>}, or anything where {@code origin} is null
   */
  public record Shard(String name, ShardOpener opener) {}

  /** Verifies shards in their order, oldest first. */
  public static VerifyReport verify(List<Shard> shards, VerifyOptions options) throws IOException {
    Tally tally = new Tally(options);
    String shard = null;
    try {
      HeldCheckpoints held = new HeldCheckpoints(options.held(), options.trust());
      for (Shard each : shards) {
        shard = each.name();
        tally.verify(each, held);
      }
      shard = null;
      held.finishAll();
      return tally.finish();
    } catch (VerifyFailure e) {
      return tally.report(e, shard);
    }
  }

  /**
   * Verifies an export: one folder a shard below {@code dir}, or a single shard's folder.
   *
   * @throws IOException if there is none
   */
  public static VerifyReport verifyExport(Path dir, VerifyOptions options) throws IOException {
    if (!Files.isDirectory(dir)) {
      throw new NoSuchFileException(dir.toString(), null, "no such folder; name an export");
    }
    if (Files.isRegularFile(dir.resolve(StaticShard.CHECKPOINT))) {
      return verify(List.of(folder(dir)), options);
    }
    List<Shard> shards;
    try (Stream<Path> entries = Files.list(dir)) {
      shards =
          entries
              .filter(Files::isDirectory)
              .filter(path -> LogOrigin.isShard(path.getFileName().toString()))
              .sorted()
              .map(LogVerifier::folder)
              .toList();
    }
    if (shards.isEmpty()) {
      throw new NoSuchFileException(
          dir.toString(), null, "holds no shard of a log; name the folder that was exported to");
    }
    return verify(shards, options);
  }

  private static Shard folder(Path path) {
    String name = path.toAbsolutePath().normalize().getFileName().toString();
    return new Shard(name, () -> new StaticShard(name, new FolderResources(path)));
  }

  /** Verifies the log that a server shows below a URL prefix (C2SP tlog-tiles). */
  public static VerifyReport verifyUrl(URI url, VerifyOptions options) throws IOException {
    try (UrlResources resources = new UrlResources(url)) {
      return verify(
          List.of(new Shard(url.toString(), () -> new StaticShard(url.toString(), resources))),
          options);
    }
  }

  /** Verifies that a record is in a log, with a proof (C2SP tlog-proof) and nothing else. */
  public static VerifyReport verifyProof(byte[] proof, byte[] record, TrustPolicy trust) {
    try {
      TlogProof parsed = parse(proof);
      Checkpoint checkpoint = signed(parsed.note(), trust);
      if (!parsed.includes(record, checkpoint)) {
        throw new VerifyFailure(
            VerifyExit.INCLUSION,
            parsed.index(),
            "the proof does not lead from this record to the signed root; it is of another record"
                + " or was changed");
      }
      long cosigned = trust.asksForWitnesses() ? checkpoint.size() : 0;
      return new VerifyReport(
          VerifyExit.VERIFIED, 1, 1, 0, 1, cosigned, null, -1, null, 0, -1, List.of());
    } catch (VerifyFailure e) {
      return new VerifyReport(
          e.exit(), 1, 0, 0, 0, 0, null, e.index(), e.getMessage(), 0, -1, List.of());
    }
  }

  private static TlogProof parse(byte[] proof) throws VerifyFailure {
    try {
      return TlogProof.parse(proof);
    } catch (NoteException e) {
      throw new VerifyFailure(
          VerifyExit.MALFORMED, -1, "the proof cannot be read: " + e.getMessage());
    }
  }

  private static Checkpoint signed(SignedNote note, TrustPolicy trust) throws VerifyFailure {
    Checkpoint checkpoint;
    try {
      checkpoint = Checkpoint.parse(note.text());
    } catch (NoteException e) {
      throw new VerifyFailure(
          VerifyExit.MALFORMED, -1, "the checkpoint cannot be read: " + e.getMessage());
    }
    List<Vkey> signers;
    try {
      signers = trust.signers(note, checkpoint.origin());
    } catch (NoteException e) {
      throw new VerifyFailure(
          VerifyExit.SIGNATURE, -1, "the checkpoint is not trusted: " + e.getMessage());
    }
    if (!trust.isQuorum(signers)) {
      throw new VerifyFailure(
          VerifyExit.QUORUM,
          -1,
          "the checkpoint is not cosigned by as many witnesses as are asked for");
    }
    return checkpoint;
  }

  /** Sums over the shards. */
  private static final class Tally {
    private final VerifyOptions options;
    private final GapCheck gaps;
    private final ShardLink link = new ShardLink();
    private final List<String> warnings = new ArrayList<>();
    private int shards;
    private long records;
    private long leftOut;
    private long checkpoints;
    private long cosigned;
    private long notCanonical;
    private long firstNotCanonical = -1;
    private String notCanonicalShard;
    private String base;

    Tally(VerifyOptions options) {
      this.options = options;
      this.gaps = new GapCheck(options.silenceMax());
    }

    void verify(Shard shard, HeldCheckpoints held) throws IOException, VerifyFailure {
      shards++;
      ShardSource source = shard.opener().open();
      if (source == null) {
        return;
      }
      String origin = origin(shard.name(), source.origin());
      link.begin(shard.name());
      ShardVerifier verifier = new ShardVerifier(source, origin, options, gaps, link, held);
      try {
        verifier.verify();
      } finally {
        add(shard.name(), verifier);
      }
      String warning = link.end(origin, verifier.size(), verifier.root(), verifier.lastNote());
      if (warning != null) {
        warnings.add(warning);
      }
      if (options.trust().asksForWitnesses() && verifier.cosignedSize() < verifier.size()) {
        warnings.add(
            "records of shard "
                + shard.name()
                + " from "
                + verifier.cosignedSize()
                + " on are not yet covered by witnesses");
      }
    }

    /** Checks that a shard belongs where it lies and to the same log as the others. */
    private String origin(String shard, String origin) throws VerifyFailure {
      LogOrigin parsed;
      try {
        parsed = LogOrigin.parse(String.valueOf(origin));
      } catch (IllegalArgumentException e) {
        if (shards == 1 && !LogOrigin.isShard(shard)) {
          // A log of another make, or one behind a URL: it is judged by its own keys.
          return origin;
        }
        throw new VerifyFailure(
            VerifyExit.TREE, 0, "the shard has no valid origin: " + e.getMessage());
      }
      if (LogOrigin.isShard(shard) && !parsed.shard().equals(shard)
          || base != null && !base.equals(parsed.base())) {
        throw new VerifyFailure(
            VerifyExit.TREE, 0, "the shard's origin " + origin + " does not belong here");
      }
      base = parsed.base();
      return origin;
    }

    private void add(String shard, ShardVerifier verifier) {
      records += verifier.records();
      leftOut += verifier.leftOut();
      checkpoints += verifier.checkpoints();
      cosigned += verifier.cosignedSize();
      notCanonical += verifier.notCanonical();
      if (firstNotCanonical < 0 && verifier.firstNotCanonical() >= 0) {
        firstNotCanonical = verifier.firstNotCanonical();
        notCanonicalShard = shard;
      }
    }

    VerifyReport finish() {
      List<String> gapsFound = gaps.finish();
      warnings.addAll(gapsFound);
      if (notCanonical > 0) {
        String lint =
            notCanonical
                + " records are not canonical JSON (RFC 8785), the first is "
                + notCanonicalShard
                + "/"
                + firstNotCanonical;
        if (options.strict()) {
          return report(
              new VerifyFailure(VerifyExit.LINT, firstNotCanonical, lint), notCanonicalShard);
        }
        warnings.add(lint);
      }
      if (options.strict() && !gapsFound.isEmpty()) {
        return report(new VerifyFailure(VerifyExit.GAP, -1, gapsFound.getFirst()), null);
      }
      return report(VerifyExit.VERIFIED, null, -1, null);
    }

    VerifyReport report(VerifyFailure failure, String shard) {
      return report(failure.exit(), shard, failure.index(), failure.getMessage());
    }

    private VerifyReport report(VerifyExit exit, String shard, long index, String problem) {
      return new VerifyReport(
          exit,
          shards,
          records,
          leftOut,
          checkpoints,
          cosigned,
          shard,
          index,
          problem,
          notCanonical,
          firstNotCanonical,
          List.copyOf(warnings));
    }
  }
}
