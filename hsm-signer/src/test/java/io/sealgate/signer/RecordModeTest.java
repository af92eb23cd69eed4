package io.sealgate.signer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.Dsse;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.signer.client.SealClient;
import io.sealgate.signer.token.DriverKind;
import io.sealgate.signer.token.KeyType;
import io.sealgate.signer.token.SoftHsm;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records that bear signatures of their own, from a real token. */
class RecordModeTest {
  @TempDir Path dir;

  private final AtomicReference<SignerException> fatal = new AtomicReference<>();
  private final Answers answers = new Answers();

  @AfterEach
  void nothingFatalHappened() {
    assertNull(fatal.get());
  }

  private SignerConfig config(KeyType type) {
    return SignerFixture.config(dir, type, false)
        .withSlotOptions(new SlotOptions(DriverKind.IPKCS11WRAPPER, List.of(), false, true));
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void shouldSignEveryRecordAndEveryHead(KeyType type) throws Exception {
    SignerConfig config = config(type);
    try (Signer signer = Signer.start(config, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      Await.until("available", client::available);
      for (long id = 0; id < 10; id++) {
        long sent = id;
        assertTrue(SignerFixture.submit(client, 0, id));
        Await.until("receipt", () -> answers.sealed.containsKey(sent));
      }
      VerifyReport report = DataVerifier.verify(config.dataDir());
      assertTrue(report.ok(), report::problem);
      assertEquals(0, report.notCanonical());
      try (LogReader log = LogReader.open(config.logDir())) {
        for (long id = 0; id < 10; id++) {
          byte[] leaf = log.record(log.shards().getLast(), answers.sealed.get(id));
          Dsse envelope = Dsse.parse(leaf);
          assertEquals(Dsse.RECORD_TYPE, envelope.payloadType());
          assertArrayEquals(SignerFixture.record(id), envelope.payload());
          assertTrue(envelope.isSignedBy(signer.key()));
          String keyId = envelope.signatures().getFirst().keyId();
          assertTrue(signer.key().toString().startsWith(keyId + "+"));
        }
      }
    }
  }

  /** Measured slow, then fast: what is refused does not depend on this machine's speed. */
  @Test
  void shouldRefuseAtOnceWhatTheTokenCannotSignInTime() throws Exception {
    SoftHsm.use(dir.resolve("data").resolve("tokens"));
    SignerConfig made = config(KeyType.P256);
    SoftHsm.ensureToken(made.firstToken(), dir.resolve("so-pin"));
    FaultyModule module = FaultyModule.in(dir);
    SignerConfig config =
        new SignerConfig(
            made.dataDir(),
            made.aeronDir(),
            made.logName(),
            module.module().toString(),
            made.tokenLabel(),
            made.keyLabel(),
            made.keyType(),
            made.pinFile(),
            false,
            made.batchRecordsMax(),
            made.signDeadlineMillis(),
            false,
            made.logOptions(),
            made.logLife(),
            made.slotOptions());
    int records = 2_000;
    byte[] large = new byte[RecordSeal.RECORD_BYTES_MAX + 1];
    module.delay(config.tokenLabel(), 50);
    try (Signer signer = Signer.start(config, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      module.heal(config.tokenLabel());
      Await.until("available", client::available);
      assertTrue(client.submit(0, records, large, 0, large.length));
      Await.until("refusal", () -> answers.failed.containsKey((long) records));
      assertEquals("record_refused", answers.failed.get((long) records));
      for (long id = 0; id < records; id++) {
        assertTrue(SignerFixture.submit(client, 0, id), () -> "no signer " + signer.key());
      }
      Await.until("every answer", () -> answers.sealed.size() + answers.failed.size() > records);
    }
    assertFalse(answers.sealed.isEmpty(), "nothing was sealed");
    assertTrue(answers.failed.size() > 1, "nothing was refused");
    VerifyReport report = DataVerifier.verify(config.dataDir());
    assertTrue(report.ok(), report::problem);
  }
}
