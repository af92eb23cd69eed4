package io.sealgate.signer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.NoteVerifier;
import io.sealgate.log.SignedNote;
import io.sealgate.log.Vkey;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogOptions;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.signer.client.SealClient;
import io.sealgate.signer.token.DriverKind;
import io.sealgate.signer.token.KeyType;
import io.sealgate.signer.token.SoftHsm;
import io.sealgate.signer.token.TokenConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two real tokens behind a module that fails on order. */
@Timeout(120)
class FailoverTest {
  private static final String FIRST = "sealgate";
  private static final String SECOND = "sealgate-b";

  @TempDir Path dir;

  private final AtomicReference<SignerException> fatal = new AtomicReference<>();
  private final Answers answers = new Answers();
  private FaultyModule module;
  private SignerConfig config;
  private SlotOptions.Standby standby;
  private long nextId;

  @BeforeEach
  void makeTokens() throws Exception {
    module = FaultyModule.in(dir);
    Path data = dir.resolve("data");
    Path secrets = data.resolve("secrets");
    SoftHsm.use(data.resolve("tokens"));
    for (String label : new String[] {FIRST, SECOND}) {
      SoftHsm.ensureToken(
          new TokenConfig(
              SoftHsm.findModule(), label, label + "-log", KeyType.P256, secrets.resolve(label)),
          secrets.resolve(label + "-so"));
    }
    standby =
        new SlotOptions.Standby(
            module.module().toString(), SECOND, SECOND + "-log", secrets.resolve(SECOND));
    config =
        new SignerConfig(
            data,
            dir.resolve("aeron"),
            "gw.example.com",
            module.module().toString(),
            FIRST,
            FIRST + "-log",
            KeyType.P256,
            secrets.resolve(FIRST),
            false,
            SignerConfig.BATCH_RECORDS_DEFAULT,
            1_000,
            false,
            LogOptions.defaults().withPrefillBytes(1 << 20).withReserveBytes(1 << 20),
            new LogLife(0, LogLife.RETENTION_DAYS_MINIMUM, false),
            new SlotOptions(DriverKind.IPKCS11WRAPPER, List.of(standby), false, false));
  }

  @AfterEach
  void everyAnswerIsInALogThatVerifies() throws Exception {
    assertNull(fatal.get());
    VerifyReport report = DataVerifier.verify(config.dataDir());
    assertTrue(report.ok(), report::problem);
    SignerFixture.assertSealed(config, answers.sealed);
  }

  private SignerConfig with(DriverKind driver, boolean all) {
    return config.withSlotOptions(new SlotOptions(driver, List.of(standby), all, false));
  }

  private long submit(SealClient client) {
    Await.until("available", client::available);
    long id = nextId++;
    assertTrue(SignerFixture.submit(client, 0, id));
    Await.until("answer", () -> answers.sealed.containsKey(id) || answers.failed.containsKey(id));
    return id;
  }

  private void seal(SealClient client) {
    long id = submit(client);
    assertNull(answers.failed.get(id));
  }

  /** The keys under the newest head. */
  private List<Vkey> signers() throws Exception {
    try (LogReader log = LogReader.open(config.logDir())) {
      return NoteVerifier.parse(Files.readString(config.trustFile()))
          .verify(SignedNote.parse(log.latestCheckpoint(log.shards().getLast())));
    }
  }

  @ParameterizedTest
  @EnumSource(DriverKind.class)
  void shouldSignWithTheOtherTokenWhileOneHangsAndReturnToItWhenItAnswers(DriverKind driver)
      throws Exception {
    try (Signer signer = Signer.start(with(driver, false), fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      seal(client);
      assertEquals(List.of(signer.key()), signers());
      module.hang(FIRST);
      try {
        seal(client);
        List<Vkey> second = signers();
        assertTrue(second.size() == 1 && !second.contains(signer.key()));
        seal(client);
        assertEquals(second, signers());
      } finally {
        module.heal(FIRST);
      }
      Await.until(
          "the first token signs again",
          () -> {
            seal(client);
            try {
              return signers().equals(List.of(signer.key()));
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
    }
  }

  @Test
  void shouldSealWithinTheDeadlineWhenATokenIsSlow() throws Exception {
    try (Signer signer = Signer.start(config, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      for (int millis : new int[] {1, 50}) {
        module.delay(FIRST, millis);
        for (int i = 0; i < 5; i++) {
          seal(client);
        }
        assertEquals(List.of(signer.key()), signers());
      }
    }
  }

  @Test
  void shouldDenyWhileBothTokensAreDeadAndSealAgainWhenOneIsBack() throws Exception {
    try (Signer signer = Signer.start(config, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      seal(client);
      module.die(FIRST);
      seal(client);
      assertTrue(!signers().contains(signer.key()));
      module.die(SECOND);
      assertEquals("audit_unavailable", answers.failed.get(submit(client)));
      assertEquals("audit_unavailable", answers.failed.get(submit(client)));
      Await.until("sick", () -> !client.stats().signer().tokenHealthy());
      module.heal(SECOND);
      Await.until("well", () -> client.stats().signer().tokenHealthy());
      seal(client);
      module.heal(FIRST);
      seal(client);
    }
  }

  @ParameterizedTest
  @EnumSource(DriverKind.class)
  void shouldPutBothSignaturesUnderEveryHeadWhenAskedToAndOneWhileOneIsDead(DriverKind driver)
      throws Exception {
    try (Signer signer = Signer.start(with(driver, true), fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      seal(client);
      assertEquals(2, signers().size());
      module.die(FIRST);
      seal(client);
      seal(client);
      assertEquals(1, signers().size());
      module.heal(FIRST);
      Await.until(
          "both again",
          () -> {
            seal(client);
            try {
              return signers().size() == 2;
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      assertTrue(signers().contains(signer.key()));
    }
  }

  @Test
  void shouldAnnounceAKeyUnderTheOldOneBeforeItsFirstUse() throws Exception {
    SignerConfig alone = config.withSlotOptions(SlotOptions.defaults());
    Vkey first;
    try (Signer signer = Signer.start(alone, fatal::set)) {
      first = signer.key();
    }
    assertEquals("log " + first + "\nquorum none\n", Files.readString(config.trustFile()));
    Signer.start(with(DriverKind.IPKCS11WRAPPER, true), fatal::set).close();
    List<Vkey> keys = NoteVerifier.parse(Files.readString(config.trustFile())).keys();
    assertEquals(2, keys.size());
    try (LogReader log = LogReader.open(config.logDir())) {
      String shard = log.shards().getLast();
      Map<?, ?> added = SignerEvents.parse(log.record(shard, 2), "key-add");
      assertNotNull(added);
      assertEquals(keys.get(1).toString(), added.get("key"));
      assertEquals("3", added.get("valid_from"));
      NoteVerifier old = NoteVerifier.of(first);
      assertEquals(3, old.checkpoint(log.checkpointAt(shard, 3)).size());
    }
    assertEquals(2, signers().size());
  }

  @Test
  void shouldEndTheProcessWhenNoTokenSignsForTooLongAndServeFromANewOne() throws Exception {
    SignerConfig impatient =
        config.withSlotOptions(
            new SlotOptions(DriverKind.IPKCS11WRAPPER, List.of(standby), false, false, 2));
    try (Signer signer = Signer.start(impatient, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      seal(client);
      assertNotNull(signer.key());
      module.die(FIRST);
      module.die(SECOND);
      Await.until("the end", () -> fatal.get() != null);
      assertEquals(ExitCode.TOKEN_UNAVAILABLE, fatal.get().exitCode());
      assertTrue(fatal.get().getMessage().contains("for 2 s"), fatal.get().getMessage());
    }
    SignerException stillDead =
        assertThrows(SignerException.class, () -> Signer.start(impatient, fatal::set));
    assertEquals(ExitCode.TOKEN_UNAVAILABLE, stillDead.exitCode());
    fatal.set(null);
    module.heal(FIRST);
    module.heal(SECOND);
    try (Signer signer = Signer.start(impatient, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      seal(client);
      assertEquals(List.of(signer.key()), signers());
    }
  }

  @Test
  void shouldStartWithOneTokenWhenTheOtherIsDead() throws Exception {
    Signer.start(config, fatal::set).close();
    module.die(FIRST);
    try (Signer signer = Signer.start(config, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      seal(client);
      assertEquals(List.of(signer.key()), signers());
    }
    module.heal(FIRST);
  }

  /** Where SoftHSM keeps a token, moved aside. */
  private record Away(Path token, Path aside) {
    void bringBack() throws IOException {
      Files.move(aside, token);
    }
  }

  private Away takeAway(String label) throws IOException {
    try (Stream<Path> tokens = Files.list(config.tokensDir())) {
      for (Path token : tokens.filter(Files::isDirectory).toList()) {
        if (new String(Files.readAllBytes(token.resolve("token.object")), ISO_8859_1)
            .contains(label + " ")) {
          Path aside = dir.resolve("aside-" + label);
          Files.move(token, aside);
          return new Away(token, aside);
        }
      }
    }
    throw new AssertionError("no token " + label);
  }

  @ParameterizedTest
  @EnumSource(DriverKind.class)
  void shouldTakeATokenInThatWasAwayAtTheStart(DriverKind driver) throws Exception {
    Away away = takeAway(SECOND);
    try (Signer signer = Signer.start(with(driver, true), fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      seal(client);
      assertEquals(List.of(signer.key()), signers());
      away.bringBack();
      Await.until("both sign", () -> sealedBy(client) == 2);
      assertEquals(List.of(signer.key()), signers().subList(0, 1));
      module.die(FIRST);
      Await.until("the one that came back signs alone", () -> sealedBy(client) == 1);
      assertTrue(!signers().contains(signer.key()));
      module.heal(FIRST);
    }
    VerifyReport report = DataVerifier.verify(config.dataDir());
    assertTrue(report.ok(), report::problem);
  }

  @Test
  void shouldTakeThePreferredTokenInFirstPlaceWhenItComesBack() throws Exception {
    Signer.start(config, fatal::set).close();
    Away away = takeAway(FIRST);
    try (Signer signer = Signer.start(config, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      seal(client);
      Vkey standIn = signer.key();
      assertEquals(List.of(standIn), signers());
      away.bringBack();
      Await.until("the first is back", () -> !signer.key().equals(standIn));
      seal(client);
      assertEquals(List.of(signer.key()), signers());
    }
  }

  @Test
  void shouldTryTheWrongPinOfATokenThatComesBackOnceOnly() throws Exception {
    Away away = takeAway(SECOND);
    Path pin = config.dataDir().resolve("secrets").resolve(SECOND);
    String right = Files.readString(pin);
    try (Signer signer = Signer.start(config, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      seal(client);
      Files.writeString(pin, new StringBuilder(right.strip()).reverse() + "x\n");
      away.bringBack();
      Path refused = pin.resolveSibling(SECOND + ".refused");
      Await.until("the PIN was refused", () -> Files.exists(refused));
      String once = Files.readString(refused);
      seal(client);
      assertEquals(List.of(signer.key()), signers());
      Files.writeString(pin, right);
      assertEquals(once, Files.readString(refused));
    }
    try (Signer signer = Signer.start(with(DriverKind.IPKCS11WRAPPER, true), fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      assertNotNull(signer);
      Await.until("the token was never locked", () -> sealedBy(client) == 2);
    }
  }

  /** Seals a record and says how many keys signed the head. */
  private int sealedBy(SealClient client) {
    long id = submit(client);
    if (answers.failed.get(id) != null) {
      return 0;
    }
    try {
      return signers().size();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
