package io.sealgate.signer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogOptions;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.signer.client.SealClient;
import io.sealgate.signer.token.KeyType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the signer's tests share: a configuration for a test's own folder, records, and a look into
 * the log.
 */
final class SignerFixture {
  private static final int SMALL_BYTES = 1 << 20;

  private SignerFixture() {}

  static SignerConfig config(Path dir, KeyType keyType, boolean stopOnStdinEof) {
    return config(dir, keyType, stopOnStdinEof, LogOptions.defaults());
  }

  static SignerConfig config(Path dir, KeyType keyType, LogOptions options) {
    return config(dir, keyType, false, options);
  }

  private static SignerConfig config(
      Path dir, KeyType keyType, boolean stopOnStdinEof, LogOptions options) {
    Path data = dir.resolve("data");
    return new SignerConfig(
        data,
        dir.resolve("aeron"),
        "gw.example.com",
        SignerConfig.MODULE_AUTO,
        "sealgate",
        "sealgate-log",
        keyType,
        data.resolve("secrets").resolve("token-pin"),
        true,
        SignerConfig.BATCH_RECORDS_DEFAULT,
        SignerConfig.SIGN_DEADLINE_MILLIS_DEFAULT,
        stopOnStdinEof,
        options.withPrefillBytes(SMALL_BYTES).withReserveBytes(SMALL_BYTES),
        LogLife.defaults(),
        SlotOptions.defaults());
  }

  static byte[] record(long correlationId) {
    return ("{\"id\":\"" + correlationId + "\",\"schema\":\"test/1\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Submits until the client takes it, as long as it is available. */
  static boolean submit(SealClient client, int lane, long correlationId) {
    byte[] record = record(correlationId);
    while (!client.submit(lane, correlationId, record, 0, record.length)) {
      if (!client.available()) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }

  /**
   * Every receipt's record is where the receipt says, under a checkpoint that the trust file
   * verifies.
   */
  static void assertSealed(SignerConfig config, Map<Long, Long> receipts) throws Exception {
    VerifyReport report = DataVerifier.verify(config.dataDir());
    assertTrue(report.ok(), report::problem);
    try (LogReader log = LogReader.open(config.logDir())) {
      String shard = log.shards().getLast();
      NoteVerifier trust = NoteVerifier.parse(Files.readString(config.trustFile()));
      Checkpoint checkpoint = trust.checkpoint(log.latestCheckpoint(shard));
      assertEquals(log.size(shard), checkpoint.size());
      for (Map.Entry<Long, Long> receipt : receipts.entrySet()) {
        assertTrue(receipt.getValue() < checkpoint.size());
        assertArrayEquals(record(receipt.getKey()), log.record(shard, receipt.getValue()));
      }
    }
  }
}
