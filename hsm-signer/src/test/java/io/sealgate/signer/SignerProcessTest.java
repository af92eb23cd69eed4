package io.sealgate.signer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.signer.client.SealClient;
import io.sealgate.signer.ipc.SealWire;
import io.sealgate.signer.token.KeyType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The signer as a child process, as it runs in production. */
class SignerProcessTest {
  private static final int LANES = 2;
  private static final long EXIT_SECONDS = 20;

  @TempDir Path dir;

  private final List<Process> children = new ArrayList<>();

  @AfterEach
  void leaveNoProcess() throws Exception {
    for (Process child : children) {
      child.destroyForcibly();
      assertTrue(child.waitFor(EXIT_SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void shouldSealEveryRecordOfTwoLanesAndStopOnSigterm() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    Process child = spawn(config);
    Answers answers = new Answers();
    try (SealClient client = SealClient.start(config.aeronDir(), LANES, answers)) {
      Await.until("available", client::available);
      int perLane = 3_000;
      List<Thread> producers = new ArrayList<>();
      for (int lane = 0; lane < LANES; lane++) {
        int of = lane;
        producers.add(Thread.ofPlatform().start(() -> produce(client, of, perLane)));
      }
      for (Thread producer : producers) {
        producer.join();
      }
      Await.until("all receipts", () -> answers.sealed.size() == LANES * perLane);
      assertTrue(answers.failed.isEmpty());
      assertTrue(answers.batches.get() < LANES * perLane, "records are sealed in batches");
      // Process.destroy is SIGTERM.
      child.destroy();
      assertTrue(child.waitFor(EXIT_SECONDS, TimeUnit.SECONDS));
      Await.until("the client knows", () -> !client.available());
    }
    assertFalse(Files.exists(config.runFile()), "a clean stop removes the run file");
    SignerFixture.assertSealed(config, answers.sealed);
  }

  @Test
  void shouldKeepEveryReceiptAndReconnectWhenTheSignerIsKilled() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.ED25519, false);
    Process child = spawn(config);
    Answers answers = new Answers();
    AtomicBoolean producing = new AtomicBoolean(true);
    AtomicLong nextId = new AtomicLong();
    try (SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      Await.until("available", client::available);
      Thread producer = Thread.ofPlatform().start(() -> produceWhile(client, producing, nextId));
      Await.until("load", () -> answers.sealed.size() > 500);
      child.destroyForcibly();
      long killedNanos = System.nanoTime();
      assertTrue(child.waitFor(EXIT_SECONDS, TimeUnit.SECONDS));
      Await.until("told without the supervisor", () -> answers.lost.get() > 0);
      long noticedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNanos);
      assertTrue(noticedMillis < 5_000, "noticed after " + noticedMillis + " ms");
      Await.until("no more in flight", () -> client.stats().inFlight() == 0);
      int before = answers.sealed.size();

      spawn(config);
      Await.until("sealing again", () -> answers.sealed.size() > before + 500);
      assertTrue(client.stats().connects() >= 2);

      producing.set(false);
      producer.join();
      Await.until("all answered", () -> client.stats().inFlight() == 0);
      children.getLast().destroy();
      assertTrue(children.getLast().waitFor(EXIT_SECONDS, TimeUnit.SECONDS));
    }
    assertEquals(0, sealClientThreads());
    SignerFixture.assertSealed(config, answers.sealed);
  }

  @Test
  void shouldFailWhatIsInFlightAtOnceWhenTheSupervisorSawTheDeath() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    Process child = spawn(config);
    Answers answers = new Answers();
    try (SealClient client = SealClient.start(config.aeronDir(), LANES, answers)) {
      Await.until("available", client::available);
      child.destroyForcibly();
      assertTrue(child.waitFor(EXIT_SECONDS, TimeUnit.SECONDS));
      client.signerDied();
      Await.until("told", () -> answers.lost.get() == LANES);
      assertTrue(answers.lostReasons.contains("the signer's process ended"));
      assertFalse(client.available());
      spawn(config);
      Await.until("available again", client::available);
    }
  }

  @Test
  void shouldRefuseMoreThanItsBoundAndLeaveASignerThatIsSilent() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    Process child = spawn(config);
    Answers answers = new Answers();
    int inFlightMax = 2;
    try (SealClient client = SealClient.start(config.aeronDir(), 1, inFlightMax, answers)) {
      Await.until("available", client::available);
      signal(child, "STOP");
      byte[] record = SignerFixture.record(0);
      assertTrue(client.submit(0, 0, record, 0, record.length));
      assertTrue(client.submit(0, 1, record, 0, record.length));
      assertFalse(client.submit(0, 2, record, 0, record.length));
      Await.until("told", () -> answers.lost.get() == 1);
      assertEquals(0, client.stats().inFlight());
      signal(child, "CONT");
      Await.until("available again", client::available);
      assertTrue(SignerFixture.submit(client, 0, 3));
      Await.until("receipt", () -> answers.sealed.containsKey(3L));
      assertFalse(answers.sealed.containsKey(0L), "what was reported lost is not answered again");
    }
  }

  private static void signal(Process process, String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertEquals(0, kill.waitFor());
  }

  @Test
  void shouldStopWhenItsParentIsGone() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, true);
    Process child = spawn(config);
    Await.until("ready", () -> Files.exists(config.runFile()));
    child.getOutputStream().close();
    assertTrue(child.waitFor(EXIT_SECONDS, TimeUnit.SECONDS));
    assertEquals(0, child.exitValue());
    assertFalse(Files.exists(config.runFile()));
  }

  @Test
  void shouldExitWithTheConfigurationCodeWhenAnotherSignerHasTheFolder() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    spawn(config);
    Await.until("ready", () -> Files.exists(config.runFile()));
    Process second = spawn(config);
    assertTrue(second.waitFor(EXIT_SECONDS, TimeUnit.SECONDS));
    assertEquals(ExitCode.CONFIGURATION.status(), second.exitValue());
    assertTrue(Files.readString(dir.resolve("child-1.log")).contains("another signer works in"));
    assertTrue(children.getFirst().isAlive());
  }

  @Test
  void shouldEndTheProcessWhenACommitFailsAndKeepEveryReceiptGivenBefore() throws Exception {
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    // No file may grow beyond 13 MiB, as under a quota: enough for Aeron, soon too little for the
    // log.
    Process child = spawn(config, List.of("sh", "-c", "ulimit -f 26624; exec \"$@\"", "sh"));
    Answers answers = new Answers();
    byte[] large = new byte[SealWire.RECORD_BYTES_MAX];
    Arrays.fill(large, (byte) ' ');
    try (SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      Await.until("available", client::available);
      long id = 0;
      while (client.available() && id < 2_000) {
        if (client.stats().inFlight() < 8 && client.submit(0, id, large, 0, large.length)) {
          id++;
        } else {
          Thread.yield();
        }
      }
      assertTrue(child.waitFor(EXIT_SECONDS, TimeUnit.SECONDS));
      assertEquals(ExitCode.COMMIT_FAILED.status(), child.exitValue());
      assertTrue(answers.sealed.size() > 20, answers.sealed.size() + " sealed");

      spawn(config);
      Await.until("a new signer serves the same log", client::available);
    }
    try (LogReader log = LogReader.open(config.logDir())) {
      String shard = log.shards().getLast();
      for (long index : answers.sealed.values()) {
        assertArrayEquals(large, log.record(shard, index));
      }
    }
    VerifyReport report = DataVerifier.verify(config.dataDir());
    assertTrue(report.ok(), report::problem);
  }

  @Test
  void shouldKeepEveryReceiptWhenKilledTenTimes() throws Exception {
    killAgainAndAgain(10);
  }

  @Test
  @Tag("long")
  void shouldKeepEveryReceiptWhenKilledTwoHundredTimes() throws Exception {
    killAgainAndAgain(200);
  }

  /** Under load, at moments that no one chose; the seed is said when it fails. */
  private void killAgainAndAgain(int kills) throws Exception {
    long seed = 20_261_121;
    Random random = new Random(seed);
    SignerConfig config = SignerFixture.config(dir, KeyType.P256, false);
    Answers answers = new Answers();
    AtomicBoolean producing = new AtomicBoolean(true);
    AtomicLong nextId = new AtomicLong();
    try (SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      Thread producer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (producing.get()) {
                      if (client.stats().inFlight() < 200
                          && SignerFixture.submit(client, 0, nextId.get())) {
                        nextId.incrementAndGet();
                      } else {
                        // A machine of two cores has better to do while a signer starts.
                        LockSupport.parkNanos(1_000_000);
                      }
                    }
                  });
      for (int i = 0; i < kills; i++) {
        Process child = spawn(config);
        Await.until("available", client::available);
        int sealedBefore = answers.sealed.size();
        Await.until("under load", () -> answers.sealed.size() > sealedBefore);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(150)));
        child.destroyForcibly();
        assertTrue(child.waitFor(EXIT_SECONDS, TimeUnit.SECONDS));
        client.signerDied();
        Await.until("the client knows", () -> !client.available());
      }
      producing.set(false);
      producer.join();
    }
    assertTrue(answers.sealed.size() >= kills, "seed " + seed);
    SignerFixture.assertSealed(config, answers.sealed);
  }

  private static void produce(SealClient client, int lane, int records) {
    for (int i = 0; i < records; i++) {
      if (!SignerFixture.submit(client, lane, (long) lane * records + i)) {
        return;
      }
    }
  }

  private static void produceWhile(SealClient client, AtomicBoolean producing, AtomicLong nextId) {
    while (producing.get()) {
      if (client.stats().inFlight() > 200 || !SignerFixture.submit(client, 0, nextId.get())) {
        Thread.yield();
      } else {
        nextId.incrementAndGet();
      }
    }
  }

  private static long sealClientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("seal-client") && thread.isAlive())
        .count();
  }

  private Process spawn(SignerConfig config) throws IOException {
    return spawn(config, List.of());
  }

  private Process spawn(SignerConfig config, List<String> wrapper) throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + jvmOptions());
    command.add("-Xmx256m");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(SignerMain.class.getName());
    command.add(dir.toString());
    command.add(config.keyType().name());
    command.add(Boolean.toString(config.stopOnStdinEof()));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = SignerProcess.environment(config);
    builder.environment().putAll(environment);
    Path log = dir.resolve("child-" + children.size() + ".log");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process child = builder.start();
    children.add(child);
    return child;
  }

  /** The flags file every JVM of the product runs with. */
  private static Path jvmOptions() {
    Path file = Path.of("appliance-image", "src", "main", "dist", "etc", "jvm.options");
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(file))) {
        return at.resolve(file);
      }
    }
    throw new IllegalStateException(file + " is not above the working directory");
  }
}
