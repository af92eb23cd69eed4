package io.sealgate.log.verify;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignatureChecker;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ForkJoinTask;

/**
 * A shard's checkpoints in their order, whose signatures all cores check some way ahead of where
 * they are needed: with small batches, they cost far more than the records. What is wrong with one
 * shows at its turn.
 */
final class CheckpointsAhead {
  /** Notes of at most a mebibyte; as many are read while as many wait for their turn. */
  private static final int AHEAD = 128;

  private final ShardSource source;
  private final TrustPolicy trust;
  private final SignatureChecker signatures;
  private final Deque<Checked> ready = new ArrayDeque<>();
  private List<ForkJoinTask<Checked>> begun = List.of();
  private Exception end;
  private int width = 1;

  /**
   * A stored checkpoint and the keys that signed it, of those that were known when it was checked.
   *
   * @param problem why it is not valid, or null
   */
  private record Checked(
      ShardSource.StoredCheckpoint stored,
      Checkpoint checkpoint,
      List<Vkey> known,
      List<Vkey> signers,
      VerifyExit exit,
      String problem) {}

  /** A stored checkpoint whose signatures are good. */
  record Head(long size, Checkpoint checkpoint, List<Vkey> signers, byte[] note) {}

  CheckpointsAhead(ShardSource source, TrustPolicy trust, SignatureChecker signatures) {
    this.source = source;
    this.trust = trust;
    this.signatures = signatures;
  }

  /**
   * The next checkpoint, or null after the last.
   *
   * @param origin the log it must be of
   * @param known the log's keys as of here
   * @param covered the size that the checkpoints so far cover, to name in a failure
   */
  Head next(String origin, List<Vkey> known, long covered) throws IOException, VerifyFailure {
    if (ready.isEmpty()) {
      fill(known);
    }
    Checked checked = ready.poll();
    if (checked == null) {
      throwEnd();
      return null;
    }
    if (!checked.known().equals(known)) {
      // A key was added or taken in since: what the others said does not hold any more.
      checked = check(checked.stored(), known);
    }
    String name = "the checkpoint of size " + checked.stored().size();
    if (checked.checkpoint() != null && !checked.checkpoint().origin().equals(origin)) {
      throw new VerifyFailure(VerifyExit.TREE, covered, name + " is of another log");
    }
    if (checked.problem() != null) {
      throw new VerifyFailure(
          checked.exit(), covered, name + " is not valid: " + checked.problem());
    }
    if (checked.checkpoint().size() != checked.stored().size()) {
      throw new VerifyFailure(VerifyExit.TREE, covered, name + " says another size");
    }
    return new Head(
        checked.stored().size(), checked.checkpoint(), checked.signers(), checked.stored().note());
  }

  private void fill(List<Vkey> known) {
    if (begun.isEmpty()) {
      begin(known);
    }
    // From the end, because the others take from the beginning: what nobody has begun is done here.
    begun.reversed().forEach(task -> ready.addFirst(task.join()));
    begun = List.of();
    if (width == AHEAD) {
      begin(known);
    }
    // The first alone, so that a log that nobody trusted signed costs one check.
    width = AHEAD;
  }

  private void begin(List<Vkey> known) {
    List<ForkJoinTask<Checked>> tasks = new ArrayList<>(width);
    try {
      while (end == null && tasks.size() < width) {
        ShardSource.StoredCheckpoint next = source.nextCheckpoint();
        if (next == null) {
          break;
        }
        tasks.add(ForkJoinTask.adapt(() -> check(next, known)).fork());
      }
    } catch (IOException | VerifyFailure e) {
      end = e;
    }
    begun = tasks;
  }

  private Checked check(ShardSource.StoredCheckpoint stored, List<Vkey> known) {
    SignedNote note;
    Checkpoint checkpoint;
    try {
      note = SignedNote.parse(stored.note());
      checkpoint = Checkpoint.parse(note.text());
    } catch (NoteException e) {
      return new Checked(stored, null, known, null, VerifyExit.MALFORMED, e.getMessage());
    }
    try {
      List<Vkey> signers = trust.signers(note, known, signatures);
      return new Checked(stored, checkpoint, known, signers, null, null);
    } catch (NoteException e) {
      return new Checked(stored, checkpoint, known, null, VerifyExit.SIGNATURE, e.getMessage());
    }
  }

  private void throwEnd() throws IOException, VerifyFailure {
    if (end instanceof IOException unreadable) {
      throw unreadable;
    }
    if (end instanceof VerifyFailure wrong) {
      throw wrong;
    }
  }
}
