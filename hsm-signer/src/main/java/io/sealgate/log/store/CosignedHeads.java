package io.sealgate.log.store;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TrustPolicy;
import io.sealgate.store.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What witnesses said of a log, beside it: the folder {@code cosigned} of a data folder holds the
 * newest head of each shard that a quorum cosigned, as a signed note ({@code <shard>.checkpoint},
 * C2SP tlog-checkpoint), and the witnesses asked ({@code policy}, C2SP tlog-policy without logs).
 * The log itself never changes for them; readers merge them in.
 *
 * <p>One process writes, the one that asks the witnesses; any may read.
 */
public final class CosignedHeads {
  private static final String POLICY = "policy";
  private static final String SUFFIX = ".checkpoint";

  private final Path dir;

  private CosignedHeads(Path dir) {
    this.dir = dir;
  }

  /** Those of a data folder, which need not have any. */
  public static CosignedHeads of(Path dataDir) {
    return new CosignedHeads(dataDir.resolve("cosigned"));
  }

  /**
   * The newest head of a shard that a quorum cosigned, unverified, or null.
   *
   * @throws IOException if there is one that cannot be read
   */
  public SignedNote head(String shard) throws IOException {
    byte[] bytes = read(file(shard));
    try {
      return bytes == null ? null : SignedNote.parse(bytes);
    } catch (NoteException e) {
      throw damaged(file(shard), e);
    }
  }

  /** The newest shard with a head that a quorum cosigned, or null. */
  public String newestShard() throws IOException {
    if (!Files.isDirectory(dir)) {
      return null;
    }
    try (Stream<Path> files = Files.list(dir)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .filter(LogOrigin::isShard)
          .max(String::compareTo)
          .orElse(null);
    }
  }

  /** Records that the newest cosigned head of a shard covers; 0 without one. */
  public long covered(String shard) throws IOException {
    SignedNote head = head(shard);
    try {
      return head == null ? 0 : Checkpoint.parse(head.text()).size();
    } catch (NoteException e) {
      throw damaged(file(shard), e);
    }
  }

  /**
   * Keeps a head in place of an older one; it is on disk when this returns.
   *
   * @param note with the signatures of the log and of a quorum, verified
   * @throws IOException if the disk fails, or what is kept is newer or of another tree: then the
   *     log was forked or set back, and what is kept stays as evidence
   */
  public void keep(String shard, SignedNote note) throws IOException {
    SignedNote kept = head(shard);
    if (kept != null) {
      long before = Checkpoint.parse(kept.text()).size();
      long size = Checkpoint.parse(note.text()).size();
      if (before > size || before == size && !Arrays.equals(kept.text(), note.text())) {
        throw new IOException(
            file(shard)
                + " holds a cosigned head of size "
                + before
                + " that the log does not continue; verify the log before going on");
      }
    }
    Files.createDirectories(dir);
    WholeFile.write(file(shard), note.toBytes());
  }

  /** Says which witnesses are asked from now on. */
  public void keepPolicy(TrustPolicy witnesses) throws IOException {
    Files.createDirectories(dir);
    WholeFile.write(dir.resolve(POLICY), witnesses.toBytes());
  }

  /** No witness is asked any more: a verifier needs none. The heads stay. */
  public void dropPolicy() throws IOException {
    Files.deleteIfExists(dir.resolve(POLICY));
  }

  /** The witnesses that are asked, or null if none is. */
  public TrustPolicy policy() throws IOException {
    byte[] bytes = read(dir.resolve(POLICY));
    try {
      return bytes == null ? null : TrustPolicy.parse(bytes);
    } catch (NoteException e) {
      throw damaged(dir.resolve(POLICY), e);
    }
  }

  /** A trust policy of a log with the witnesses that are asked, if any is. */
  public TrustPolicy witnessed(TrustPolicy logs) throws IOException {
    TrustPolicy witnesses = policy();
    return witnesses == null ? logs : logs.withWitnessesOf(witnesses);
  }

  private Path file(String shard) {
    if (!LogOrigin.isShard(shard)) {
      throw new IllegalArgumentException("'" + shard + "' is not the name of a shard");
    }
    return dir.resolve(shard + SUFFIX);
  }

  private static byte[] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException _) {
      return null;
    }
  }

  private static IOException damaged(Path file, NoteException e) {
    return new IOException(
        file + " is damaged: " + e.getMessage() + "; move it aside, the witnesses are asked again",
        e);
  }
}
