package io.sealgate.signer.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

class SealWireTest {
  private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();

  @Test
  void shouldReadReceiptsAsTheyWereWritten() {
    SealWire.Batch batch = new SealWire.Batch(90, 1_000, 2_000, 3, ShardCode.of("2026q4"));
    int length =
        SealWire.putReceipts(
            buffer, 5, 77, 4, batch, new long[] {10, 11, 0}, new long[] {88, 89, 0}, 2);
    assertEquals(SealWire.TYPE_RECEIPTS, SealWire.type(buffer, 0, length));
    assertEquals(5, SealWire.lane(buffer, 0));
    assertEquals(77, SealWire.clientId(buffer, 0));
    assertEquals(4, SealWire.lost(buffer, 0));
    assertEquals(batch, SealWire.batch(buffer, 0));
    assertEquals(2, SealWire.receiptsCount(buffer, 0, length));
    assertEquals(11, SealWire.receiptCorrelationId(buffer, 0, 1));
    assertEquals(89, SealWire.receiptIndex(buffer, 0, 1));
  }

  @Test
  void shouldNameEveryShardAgainFromItsCode() {
    for (int year : new int[] {0, 1970, 2026, 9999}) {
      for (int quarter = 1; quarter <= 4; quarter++) {
        for (int part = 1; part <= 99; part++) {
          String shard =
              String.format("%04dq%d", year, quarter)
                  + (part == 1 ? "" : String.format("-%02d", part));
          assertEquals(shard, ShardCode.name(ShardCode.of(shard)));
        }
      }
    }
    assertThrows(IllegalArgumentException.class, () -> ShardCode.of("2026q5"));
  }

  @Test
  void shouldBelieveTheLengthWhenACountIsLarger() {
    SealWire.Batch batch = new SealWire.Batch(1, 1, 1, 1, 1);
    int receipts =
        SealWire.putReceipts(buffer, 0, 0, 0, batch, new long[] {1, 2}, new long[] {1, 2}, 2);
    assertEquals(1, SealWire.receiptsCount(buffer, 0, receipts - 1));
    int failed =
        SealWire.putFailed(
            buffer, 0, 0, 0, SealWire.REASON_AUDIT_UNAVAILABLE, new long[] {1, 2}, 2);
    assertEquals(1, SealWire.failedCount(buffer, 0, failed - 1));
  }

  @Test
  void shouldReadTheHealthAsItWasWrittenAndCutALongTrouble() {
    SignerHealth health = new SignerHealth(9, 8, 7, 6, 5, 4, false, "t\u00f6ken gone");
    int length = SealWire.putHeartbeat(buffer, 1, 2, health);
    assertEquals(SealWire.TYPE_HEARTBEAT, SealWire.type(buffer, 0, length));
    assertEquals(2, SealWire.instance(buffer, 0));
    assertEquals(health, SealWire.health(buffer, 0, length));
    SignerHealth wordy = new SignerHealth(9, 8, 7, 6, 5, 4, true, "x".repeat(10_000));
    int cut = SealWire.putHeartbeat(buffer, 1, 2, wordy);
    assertEquals(512, SealWire.health(buffer, 0, cut).trouble().length());
  }

  @Test
  void shouldRefuseWhatIsTooShortOrOfAnotherVersion() {
    SealWire.putRecordHead(buffer, 1, 2, 3);
    assertEquals(SealWire.TYPE_RECORD, SealWire.type(buffer, 0, SealWire.RECORD_HEAD_BYTES));
    assertEquals(-1, SealWire.type(buffer, 0, SealWire.RECORD_HEAD_BYTES - 1));
    assertEquals(-1, SealWire.type(buffer, 0, 3));
    buffer.putShort(0, (short) 99);
    assertEquals(-1, SealWire.type(buffer, 0, SealWire.RECORD_HEAD_BYTES));
  }
}
