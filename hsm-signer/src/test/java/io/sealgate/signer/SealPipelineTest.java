package io.sealgate.signer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.LogOrigin;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.Vkey;
import io.sealgate.log.store.LogOptions;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.store.LogWriter;
import io.sealgate.signer.token.KeyType;
import io.sealgate.signer.token.Pkcs11Driver;
import io.sealgate.signer.token.SigningToken;
import io.sealgate.signer.token.TokenException;
import io.sealgate.signer.token.TokenFixture;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real token behind a driver that can fail, and a real log. */
class SealPipelineTest {
  private static final int DEADLINE_MILLIS = 100;
  private static final List<byte[]> ONE_RECORD = List.of(SignerFixture.record(1));

  @TempDir Path dir;

  private FaultyDriver driver;
  private Vkey key;
  private SignStage signStage;
  private SealPipeline pipeline;

  @BeforeEach
  void open() throws Exception {
    TokenFixture fixture = TokenFixture.in(dir, KeyType.P256);
    driver = new FaultyDriver(new Pkcs11Driver(fixture.config()));
    SigningToken token = SigningToken.open(driver, KeyType.P256);
    LogOrigin origin = LogOrigin.of("gw.example.com", Instant.now());
    key = Vkey.of(origin.name(), token.publicKey());
    signStage = new SignStage(token, DEADLINE_MILLIS);
    LogWriter log =
        LogWriter.open(
            dir.resolve("log"),
            origin,
            NoteVerifier.of(key),
            LogOptions.defaults().withPrefillBytes(0));
    SigningSlot slot = new SigningSlot("the token", 0, token, signStage);
    slot.announce();
    pipeline = new SealPipeline(log, new SigningSlots(List.of(slot), false), null);
  }

  @AfterEach
  void close() throws Exception {
    pipeline.close();
    signStage.close();
  }

  @Test
  void shouldDropTheBatchWhenTheFirstSignatureIsWrong() throws Exception {
    driver.wrongSignatures = 1;
    TokenException wrong = assertThrows(TokenException.class, () -> pipeline.sealOwn(ONE_RECORD));
    assertTrue(wrong.getMessage().contains("does not verify"), wrong.getMessage());
    assertEquals(0, pipeline.treeSize());
    pipeline.sealOwn(ONE_RECORD);
    assertStoredCheckpointVerifiesAt(1);
  }

  @Test
  void shouldSignTheSameTreeAgainWhenAWrongSignatureWasCommitted() throws Exception {
    pipeline.sealOwn(ONE_RECORD);
    driver.wrongSignatures = 1;
    pipeline.sealOwn(ONE_RECORD);
    assertEquals(0, driver.wrongSignatures);
    assertStoredCheckpointVerifiesAt(2);
  }

  @Test
  void shouldEndTheProcessWhenAWrongSignatureCannotBeReplaced() throws Exception {
    pipeline.sealOwn(ONE_RECORD);
    driver.wrongSignatures = 2;
    SignerException fatal = assertThrows(SignerException.class, () -> pipeline.sealOwn(ONE_RECORD));
    assertEquals(ExitCode.TOKEN_UNAVAILABLE, fatal.exitCode());
  }

  @Test
  void shouldFailAtTheDeadlineWhileTheTokenHangsAndSealWhenItAnswersAgain() throws Exception {
    pipeline.sealOwn(ONE_RECORD);
    CountDownLatch hang = new CountDownLatch(1);
    driver.hang = hang;
    TokenException late = assertThrows(TokenException.class, () -> pipeline.sealOwn(ONE_RECORD));
    assertTrue(late.getMessage().contains("has not answered"), late.getMessage());
    assertThrows(TokenException.class, () -> pipeline.sealOwn(ONE_RECORD));
    assertTrue(signStage.callNanos() > 0);
    assertTrue(signStage.trouble().contains("has not answered"));
    driver.hang = null;
    hang.countDown();
    Await.until("the late call ends", () -> signStage.callNanos() == 0);
    pipeline.sealOwn(ONE_RECORD);
    assertEquals("", signStage.trouble());
    assertStoredCheckpointVerifiesAt(2);
  }

  private void assertStoredCheckpointVerifiesAt(long size) throws Exception {
    try (LogReader reader = LogReader.open(dir.resolve("log"))) {
      byte[] note = reader.latestCheckpoint(reader.shards().getLast());
      assertEquals(size, NoteVerifier.of(key).checkpoint(note).size());
    }
  }
}
