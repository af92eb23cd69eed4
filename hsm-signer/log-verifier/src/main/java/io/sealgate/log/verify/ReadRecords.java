package io.sealgate.log.verify;

import io.sealgate.log.JcsException;
import io.sealgate.log.JcsReader;
import io.sealgate.log.Merkle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinTask;

/** Records of one bundle, hashed and read on all cores. */
final class ReadRecords {
  /** Enough work for a core to be worth the hand-over. */
  private static final int AT_ONCE = 32;

  private final List<byte[]> records;
  private final byte[] leaves;
  private final Object[] documents;
  private final List<ForkJoinTask<?>> parts = new ArrayList<>();

  private ReadRecords(List<byte[]> records) {
    this.records = records;
    leaves = new byte[records.size() * Merkle.HASH_BYTES];
    documents = new Object[records.size()];
  }

  /** Begins with the work; {@link #await} before anything else is asked. */
  static ReadRecords begin(List<byte[]> records) {
    ReadRecords read = new ReadRecords(records);
    for (int from = 0; from < records.size(); from += AT_ONCE) {
      int first = from;
      int end = Math.min(from + AT_ONCE, records.size());
      read.parts.add(ForkJoinTask.adapt(() -> read.read(first, end)).fork());
    }
    return read;
  }

  private void read(int from, int to) {
    Merkle.leafHashes(records.subList(from, to), leaves, from * Merkle.HASH_BYTES);
    for (int i = from; i < to; i++) {
      try {
        documents[i] = JcsReader.parse(records.get(i));
      } catch (JcsException notCanonical) {
        documents[i] = notCanonical;
      }
    }
  }

  /** Waits until all is read, and does what nobody has begun. */
  void await() {
    // From the end, because the others take from the beginning.
    parts.reversed().forEach(ForkJoinTask::join);
  }

  /** The records, as many as there are. */
  List<byte[]> records() {
    return records;
  }

  /** The leaf hashes, one after the other. */
  byte[] leaves() {
    return leaves;
  }

  /** What {@link JcsReader#parse} made of a record, or threw. */
  Object document(int i) throws JcsException {
    if (documents[i] instanceof JcsException notCanonical) {
      throw notCanonical;
    }
    return documents[i];
  }
}
