package io.sealgate.signer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.store.LogReader;
import io.sealgate.signer.client.SealClient;
import io.sealgate.signer.token.KeyType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A signer beside its client in this process: real token, real log, real Aeron. */
class SignerTest {
  @TempDir Path dir;

  private final AtomicReference<SignerException> fatal = new AtomicReference<>();

  @AfterEach
  void nothingFatalHappened() {
    assertNull(fatal.get());
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void shouldSealRecordsAndKeepTheKeyWhenStartedAgain(KeyType keyType) throws Exception {
    SignerConfig config = SignerFixture.config(dir, keyType, false);
    Answers answers = new Answers();
    String vkey;
    try (Signer signer = Signer.start(config, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 2, answers)) {
      vkey = signer.key().toString();
      assertTrue(Files.exists(config.runFile()));
      Await.until("available", client::available);
      for (long id = 0; id < 100; id++) {
        assertTrue(SignerFixture.submit(client, (int) (id & 1), id));
      }
      Await.until("receipts", () -> answers.sealed.size() == 100);
      Await.until("nothing in flight", () -> client.stats().inFlight() == 0);
      assertTrue(answers.batches.get() > 0);
      Await.until("health", () -> client.stats().signer().treeSize() == 102);
    }
    assertFalse(Files.exists(config.runFile()));
    SignerFixture.assertSealed(config, answers.sealed);
    try (Signer again = Signer.start(config, fatal::set)) {
      assertEquals(vkey, again.key().toString());
    }
    assertEquals("log " + vkey + "\nquorum none\n", Files.readString(config.trustFile()));
    try (LogReader log = LogReader.open(config.logDir())) {
      String shard = log.shards().getLast();
      assertTrue(text(log.record(shard, 0)).contains("\"event\":\"key-add\",\"key\":\"" + vkey));
      assertTrue(text(log.record(shard, 1)).contains("\"event\":\"signer-start\""));
      assertTrue(text(log.record(shard, 102)).contains("\"event\":\"signer-start\""));
      assertEquals(103, log.size(shard));
    }
  }

  @Test
  void shouldFailBatchesWhileTheTokenIsGoneAndSealAgainWhenItIsBack() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    Answers answers = new Answers();
    Path away = dir.resolve("away");
    try (Signer signer = Signer.start(config, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      Await.until("available", client::available);
      assertTrue(SignerFixture.submit(client, 0, 1));
      Await.until("first receipt", () -> answers.sealed.containsKey(1L));

      Files.move(config.tokensDir(), away);
      assertTrue(SignerFixture.submit(client, 0, 2));
      Await.until("failure", () -> answers.failed.containsKey(2L));
      assertEquals("audit_unavailable", answers.failed.get(2L));
      Await.until("trouble shown", () -> !client.stats().signer().tokenHealthy());
      assertFalse(client.stats().signer().trouble().isEmpty());
      assertTrue(client.available());

      Files.move(away, config.tokensDir());
      Await.until("recovery by the signer itself", () -> client.stats().signer().tokenHealthy());
      assertTrue(SignerFixture.submit(client, 0, 3));
      Await.until("receipt after recovery", () -> answers.sealed.containsKey(3L));
      assertNull(fatal.get(), () -> "signer of " + signer.key());
    }
    assertEquals(Map.of(1L, 2L, 3L, 3L), answers.sealed);
    SignerFixture.assertSealed(config, answers.sealed);
    assertEquals(1, answers.lost.get(), "only the close at the end lost the lane");
  }

  @Test
  void shouldRefuseTheSecondSignerOnOneFolder() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    try (Signer first = Signer.start(config, fatal::set)) {
      SignerException refused =
          assertThrows(SignerException.class, () -> Signer.start(config, fatal::set));
      assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
      assertTrue(refused.getMessage().contains("another signer works in"), refused.getMessage());
      assertTrue(first.key().toString().startsWith("gw.example.com/audit/"));
    }
  }

  @Test
  void shouldRefuseToStartWithAWrongPin() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    Signer.start(config, fatal::set).close();
    Files.writeString(config.pinFile(), "not the pin\n");
    SignerException refused =
        assertThrows(SignerException.class, () -> Signer.start(config, fatal::set));
    assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
    assertTrue(refused.getMessage().contains("CKR_PIN_INCORRECT"), refused.getMessage());
    assertFalse(refused.getMessage().contains("not the pin"));
    Files.setPosixFilePermissions(config.pinFile(), PosixFilePermissions.fromString("rw-r--r--"));
    SignerException loose =
        assertThrows(SignerException.class, () -> Signer.start(config, fatal::set));
    assertTrue(loose.getMessage().contains("chmod 600"), loose.getMessage());
  }

  @Test
  void shouldNotReplaceATokenThatIsMissingWhenTheLogHasAKey() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    Signer.start(config, fatal::set).close();
    Files.move(config.tokensDir(), dir.resolve("lost"));
    SignerException refused =
        assertThrows(SignerException.class, () -> Signer.start(config, fatal::set));
    assertEquals(ExitCode.TOKEN_UNAVAILABLE, refused.exitCode());
    assertTrue(refused.getMessage().contains("put the folder back"), refused.getMessage());
  }

  @Test
  void shouldRefuseATokenWithAnotherKeyThanTheLogs() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    Signer.start(config, fatal::set).close();
    SignerConfig other = SignerFixture.config(dir.resolve("other"), KeyType.P256, false);
    Signer.start(other, fatal::set).close();
    Files.move(config.tokensDir(), dir.resolve("lost"));
    Files.move(other.tokensDir(), config.tokensDir());
    Files.copy(other.pinFile(), config.pinFile(), StandardCopyOption.REPLACE_EXISTING);
    SignerException refused =
        assertThrows(SignerException.class, () -> Signer.start(config, fatal::set));
    assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
    assertTrue(refused.getMessage().contains("put the right token back"), refused.getMessage());
  }

  @Test
  void shouldNotDeleteADirectoryThatIsNoMediaDrivers() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    Path precious = config.aeronDir().resolve("precious");
    Files.createDirectories(config.aeronDir());
    Files.writeString(precious, "kept");
    SignerException refused =
        assertThrows(SignerException.class, () -> Signer.start(config, fatal::set));
    assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
    assertEquals("kept", Files.readString(precious));
  }

  @Test
  void shouldRefuseRecordsWhileThereIsNoSigner() {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    try (SealClient client = SealClient.start(config.aeronDir(), 1, new Answers())) {
      byte[] record = SignerFixture.record(1);
      assertFalse(client.submit(0, 1, record, 0, record.length));
      assertFalse(client.available());
      assertThrows(IllegalArgumentException.class, () -> client.submit(0, 1, record, 0, 0));
    }
  }

  private static String text(byte[] record) {
    return new String(record, StandardCharsets.UTF_8);
  }
}
