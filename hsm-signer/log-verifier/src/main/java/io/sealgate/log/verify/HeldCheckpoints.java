package io.sealgate.log.verify;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TrustPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checkpoints that the auditor kept or got from a witness. They show what no log can show about
 * itself: that its newest records were not cut off, and that others were not shown another log.
 */
final class HeldCheckpoints {
  private final Map<String, TreeMap<Long, List<byte[]>>> roots = new HashMap<>();

  /**
   * Reads notes.
   *
   * @param trust whose log keys must have signed them
   */
  HeldCheckpoints(List<byte[]> notes, TrustPolicy trust) throws VerifyFailure {
    for (byte[] bytes : notes) {
      try {
        SignedNote note = SignedNote.parse(bytes);
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        trust.signers(note, checkpoint.origin());
        roots
            .computeIfAbsent(checkpoint.origin(), _ -> new TreeMap<>())
            .computeIfAbsent(checkpoint.size(), _ -> new ArrayList<>())
            .add(checkpoint.root());
      } catch (NoteException e) {
        throw new VerifyFailure(
            VerifyExit.SIGNATURE,
            -1,
            "a checkpoint held elsewhere is not valid: " + e.getMessage());
      }
    }
  }

  boolean has(String origin, long size) {
    TreeMap<Long, List<byte[]>> sizes = roots.get(origin);
    return sizes != null && sizes.containsKey(size);
  }

  /** Compares the log's root at a size; returns how many checkpoints of that size there were. */
  int check(String origin, long size, byte[] root) throws VerifyFailure {
    List<byte[]> held = roots.get(origin).remove(size);
    for (byte[] other : held) {
      if (!Arrays.equals(other, root)) {
        throw new VerifyFailure(
            VerifyExit.FORK,
            0,
            "a checkpoint of size "
                + size
                + " held elsewhere has another root: the log was forked");
      }
    }
    return held.size();
  }

  /** Refuses a log that ends before a checkpoint of it. */
  void finish(String origin, long size) throws VerifyFailure {
    TreeMap<Long, List<byte[]>> sizes = roots.remove(origin);
    if (sizes != null && !sizes.isEmpty()) {
      throw new VerifyFailure(
          VerifyExit.FORK,
          size,
          "the log ends at size "
              + size
              + " but a checkpoint held elsewhere has size "
              + sizes.lastKey()
              + ": its tail was cut off, or an old copy was restored");
    }
  }

  /** Refuses a checkpoint of a shard that is not there. */
  void finishAll() throws VerifyFailure {
    if (!roots.isEmpty()) {
      throw new VerifyFailure(
          VerifyExit.FORK,
          -1,
          "a checkpoint held elsewhere is of "
              + roots.keySet().iterator().next()
              + ", which is not"
              + " here");
    }
  }
}
