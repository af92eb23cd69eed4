package io.sealgate.log.verify;

import io.sealgate.log.JcsException;
import io.sealgate.log.JcsReader;
import io.sealgate.log.Merkle;
import java.util.List;
import java.util.stream.IntStream;

/** Records of one bundle, hashed and read on all cores. */
final class ReadRecords {
  /** Enough work for a core to be worth the hand-over. */
  private static final int AT_ONCE = 32;

  private final byte[] leaves;
  private final Object[] documents;

  private ReadRecords(int count) {
    leaves = new byte[count * Merkle.HASH_BYTES];
    documents = new Object[count];
  }

  static ReadRecords of(List<byte[]> records) {
    ReadRecords read = new ReadRecords(records.size());
    IntStream.range(0, (records.size() + AT_ONCE - 1) / AT_ONCE)
        .parallel()
        .forEach(part -> read.read(records, part * AT_ONCE));
    return read;
  }

  private void read(List<byte[]> records, int from) {
    for (int i = from; i < Math.min(from + AT_ONCE, records.size()); i++) {
      byte[] record = records.get(i);
      byte[] hash = Merkle.leafHash(record);
      System.arraycopy(hash, 0, leaves, i * Merkle.HASH_BYTES, Merkle.HASH_BYTES);
      try {
        documents[i] = JcsReader.parse(record);
      } catch (JcsException notCanonical) {
        documents[i] = notCanonical;
      }
    }
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
