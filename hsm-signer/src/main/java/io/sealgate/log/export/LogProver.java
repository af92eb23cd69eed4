package io.sealgate.log.export;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.Merkle;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TlogProof;
import io.sealgate.log.store.LogReader;
import java.io.IOException;

/** Writes proofs about records (C2SP tlog-proof). */
public final class LogProver {
  private LogProver() {}

  /**
   * The proof that a record is in the shard as of its newest checkpoint; of its newest cosigned one
   * where the reader knows of one that covers the record.
   *
   * @throws IOException if the record is not sealed, or the shard cannot be read
   */
  public static TlogProof prove(LogReader reader, String shard, long index) throws IOException {
    byte[] newest =
        index < reader.covered(shard)
            ? reader.publicCheckpoint(shard)
            : reader.latestCheckpoint(shard);
    SignedNote note = newest == null ? null : SignedNote.parse(newest);
    long size = note == null ? 0 : Checkpoint.parse(note.text()).size();
    if (index < 0 || index >= size) {
      throw new IOException(
          "there is no record "
              + index
              + " in shard "
              + shard
              + (size == 0 ? ", which is empty" : "; it has 0.." + (size - 1)));
    }
    return TlogProof.of(index, Merkle.inclusionProof(index, size, reader.nodes(shard)), note);
  }
}
