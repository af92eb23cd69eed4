package io.sealgate.signer.ipc;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The messages between the gateway and the signer. Both run on one host from one distribution, so
 * fields are in native byte order and the version only guards against a mixed installation.
 *
 * <pre>
 * every message   0 u16 version | 2 u16 type | 4 i32 lane | 8 i64 client id
 * RECORD         16 i64 correlation id | 24 the record
 * RECEIPTS       16 i64 lost | 24 i64 tree size | 32 i64 sign ns | 40 i64 flush ns | 48 i32 batch records
 *                52 i32 count | 56 i32 shard (ShardCode) | 60 i32 zero
 *                64 count times (i64 correlation id, i64 index)
 * FAILED         16 i64 lost | 24 i32 reason | 28 i32 count | 32 count times i64 correlation id
 * HEARTBEAT      16 i64 lost | 24 i64 instance | 32 i64 tree size | 40 i64 batches | 48 i64 failed batches
 *                56 i32 last batch records | 60 i32 token healthy | 64 i64 sign ns | 72 i64 flush ns
 *                80 i32 text length | 84 the trouble in UTF-8
 * STOPPING       16 i64 lost
 * </pre>
 *
 * <p>{@code lost} counts the messages this signer could not deliver to any client; when it grows,
 * something in flight will never be answered.
 */
public final class SealWire {
  /** Gateway to signer. */
  public static final int RECORDS_STREAM = 1001;

  /** Signer to gateway. */
  public static final int RECEIPTS_STREAM = 1002;

  /** The channel of both streams. */
  public static final String CHANNEL = "aeron:ipc";

  /** A C2SP entry bundle holds records of at most this size (tlog-tiles). */
  public static final int RECORD_BYTES_MAX = 65_535;

  /** Bytes in front of a record. */
  public static final int RECORD_HEAD_BYTES = 24;

  public static final int TYPE_RECORD = 1;
  public static final int TYPE_RECEIPTS = 2;
  public static final int TYPE_FAILED = 3;
  public static final int TYPE_HEARTBEAT = 4;
  public static final int TYPE_STOPPING = 5;

  /** The batch of the record could not be signed or written. */
  public static final int REASON_AUDIT_UNAVAILABLE = 1;

  /**
   * The record itself cannot be a leaf: empty, too large, or of a form that only the signer writes.
   */
  public static final int REASON_RECORD_REFUSED = 2;

  private static final short VERSION = 2;
  private static final int HEAD_BYTES = 16;
  private static final int RECEIPTS_HEAD_BYTES = 64;
  private static final int RECEIPT_BYTES = 16;
  private static final int FAILED_HEAD_BYTES = 32;
  private static final int HEARTBEAT_HEAD_BYTES = 84;
  private static final int STOPPING_BYTES = 24;
  private static final int TROUBLE_BYTES_MAX = 512;
  private static final int NO_LANE = -1;

  private SealWire() {}

  /** The type of a message, or -1 when it is not one of this version. */
  public static int type(DirectBuffer in, int at, int length) {
    if (length < HEAD_BYTES || in.getShort(at) != VERSION) {
      return -1;
    }
    int type = in.getShort(at + 2);
    return length < headBytes(type) ? -1 : type;
  }

  private static int headBytes(int type) {
    return switch (type) {
      case TYPE_RECORD -> RECORD_HEAD_BYTES;
      case TYPE_RECEIPTS -> RECEIPTS_HEAD_BYTES;
      case TYPE_FAILED -> FAILED_HEAD_BYTES;
      case TYPE_HEARTBEAT -> HEARTBEAT_HEAD_BYTES;
      case TYPE_STOPPING -> STOPPING_BYTES;
      default -> Integer.MAX_VALUE;
    };
  }

  private static void putHead(MutableDirectBuffer out, int at, int type, int lane, long clientId) {
    out.putShort(at, VERSION);
    out.putShort(at + 2, (short) type);
    out.putInt(at + 4, lane);
    out.putLong(at + 8, clientId);
  }

  /** The lane of a record or of its answer. */
  public static int lane(DirectBuffer in, int at) {
    return in.getInt(at + 4);
  }

  /** The client a message comes from or goes to. */
  public static long clientId(DirectBuffer in, int at) {
    return in.getLong(at + 8);
  }

  /** Writes what stands in front of a record; {@link #RECORD_HEAD_BYTES} bytes. */
  public static void putRecordHead(
      MutableDirectBuffer out, int lane, long clientId, long correlationId) {
    putHead(out, 0, TYPE_RECORD, lane, clientId);
    out.putLong(16, correlationId);
  }

  /** The correlation id of a RECORD. */
  public static long correlationId(DirectBuffer in, int at) {
    return in.getLong(at + 16);
  }

  /** The {@code lost} counter of any message from the signer. */
  public static long lost(DirectBuffer in, int at) {
    return in.getLong(at + 16);
  }

  /** The length of a RECEIPTS message. */
  public static int receiptsBytes(int count) {
    return RECEIPTS_HEAD_BYTES + count * RECEIPT_BYTES;
  }

  /**
   * What a RECEIPTS message says of its batch.
   *
   * @param treeSize the size of the checkpoint that covers it
   * @param records records in the whole batch
   * @param shard the shard they are in, as a {@link ShardCode}
   */
  public record Batch(long treeSize, long signNanos, long flushNanos, int records, int shard) {}

  /** Writes a RECEIPTS message and returns its length. */
  public static int putReceipts(
      MutableDirectBuffer out,
      int lane,
      long clientId,
      long lost,
      Batch batch,
      long[] correlationIds,
      long[] indexes,
      int count) {
    putHead(out, 0, TYPE_RECEIPTS, lane, clientId);
    out.putLong(16, lost);
    out.putLong(24, batch.treeSize());
    out.putLong(32, batch.signNanos());
    out.putLong(40, batch.flushNanos());
    out.putInt(48, batch.records());
    out.putInt(52, count);
    out.putInt(56, batch.shard());
    out.putInt(60, 0);
    for (int i = 0, at = RECEIPTS_HEAD_BYTES; i < count; i++, at += RECEIPT_BYTES) {
      out.putLong(at, correlationIds[i]);
      out.putLong(at + 8, indexes[i]);
    }
    return receiptsBytes(count);
  }

  /** What a RECEIPTS message says of its batch. */
  public static Batch batch(DirectBuffer in, int at) {
    return new Batch(
        in.getLong(at + 24),
        in.getLong(at + 32),
        in.getLong(at + 40),
        in.getInt(at + 48),
        in.getInt(at + 56));
  }

  /** The number of receipts, bounded by the message's length. */
  public static int receiptsCount(DirectBuffer in, int at, int length) {
    return bounded(in.getInt(at + 52), (length - RECEIPTS_HEAD_BYTES) / RECEIPT_BYTES);
  }

  /** The correlation id of receipt {@code i}. */
  public static long receiptCorrelationId(DirectBuffer in, int at, int i) {
    return in.getLong(at + RECEIPTS_HEAD_BYTES + i * RECEIPT_BYTES);
  }

  /** The log index of receipt {@code i}. */
  public static long receiptIndex(DirectBuffer in, int at, int i) {
    return in.getLong(at + RECEIPTS_HEAD_BYTES + i * RECEIPT_BYTES + 8);
  }

  /** Writes a FAILED message and returns its length. */
  public static int putFailed(
      MutableDirectBuffer out,
      int lane,
      long clientId,
      long lost,
      int reason,
      long[] correlationIds,
      int count) {
    putHead(out, 0, TYPE_FAILED, lane, clientId);
    out.putLong(16, lost);
    out.putInt(24, reason);
    out.putInt(28, count);
    for (int i = 0; i < count; i++) {
      out.putLong(FAILED_HEAD_BYTES + i * Long.BYTES, correlationIds[i]);
    }
    return FAILED_HEAD_BYTES + count * Long.BYTES;
  }

  /** The word for the reason of a FAILED message. */
  public static String failedReason(DirectBuffer in, int at) {
    return in.getInt(at + 24) == REASON_RECORD_REFUSED ? "record_refused" : "audit_unavailable";
  }

  /** The number of failed records, bounded by the message's length. */
  public static int failedCount(DirectBuffer in, int at, int length) {
    return bounded(in.getInt(at + 28), (length - FAILED_HEAD_BYTES) / Long.BYTES);
  }

  /** The correlation id of failed record {@code i}. */
  public static long failedCorrelationId(DirectBuffer in, int at, int i) {
    return in.getLong(at + FAILED_HEAD_BYTES + i * Long.BYTES);
  }

  /** Writes a HEARTBEAT for every client and returns its length. */
  public static int putHeartbeat(
      MutableDirectBuffer out, long lost, long instance, SignerHealth health) {
    putHead(out, 0, TYPE_HEARTBEAT, NO_LANE, 0);
    out.putLong(16, lost);
    out.putLong(24, instance);
    out.putLong(32, health.treeSize());
    out.putLong(40, health.batches());
    out.putLong(48, health.failedBatches());
    out.putInt(56, health.lastBatchRecords());
    out.putInt(60, health.tokenHealthy() ? 1 : 0);
    out.putLong(64, health.lastSignNanos());
    out.putLong(72, health.lastFlushNanos());
    byte[] trouble = health.trouble().getBytes(StandardCharsets.UTF_8);
    int length = Math.min(trouble.length, TROUBLE_BYTES_MAX);
    out.putInt(80, length);
    out.putBytes(HEARTBEAT_HEAD_BYTES, trouble, 0, length);
    return HEARTBEAT_HEAD_BYTES + length;
  }

  /** Which life of the signer a HEARTBEAT comes from. */
  public static long instance(DirectBuffer in, int at) {
    return in.getLong(at + 24);
  }

  /** What a HEARTBEAT says of the signer. */
  public static SignerHealth health(DirectBuffer in, int at, int length) {
    byte[] trouble = new byte[bounded(in.getInt(at + 80), length - HEARTBEAT_HEAD_BYTES)];
    in.getBytes(at + HEARTBEAT_HEAD_BYTES, trouble);
    return new SignerHealth(
        in.getLong(at + 32),
        in.getLong(at + 40),
        in.getLong(at + 48),
        in.getInt(at + 56),
        in.getLong(at + 64),
        in.getLong(at + 72),
        in.getInt(at + 60) != 0,
        new String(trouble, StandardCharsets.UTF_8));
  }

  /** Writes a STOPPING message and returns its length. */
  public static int putStopping(MutableDirectBuffer out, long lost) {
    putHead(out, 0, TYPE_STOPPING, NO_LANE, 0);
    out.putLong(16, lost);
    return STOPPING_BYTES;
  }

  private static int bounded(int claimed, int most) {
    return Math.clamp(claimed, 0, most);
  }
}
