package io.sealgate.gateway.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.testkit.ProcessGateway;
import io.sealgate.gateway.testkit.ProcessGateway.Answer;
import io.sealgate.gateway.testkit.RunningGateway;
import io.sealgate.gateway.testkit.Until;
import io.sealgate.log.JcsReader;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.signer.ExitCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What a decision needs is taken away: calls are denied, nothing leaves, service comes back. */
class FailClosedTest {
  private static final int CALLERS = 4;

  /** The configured seal deadline, and as much again for a busy machine. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  private static final Pattern ISSUED_KEY = Pattern.compile("\"key\":\"([^\"]+)\"");

  @TempDir private static Path folder;
  private static ProcessGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    gateway = ProcessGateway.start(folder);
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  /** The signer may write no file any further: its next commit fails and it has to end. */
  @Test
  @EnabledIf("canLimit")
  void shouldStartTheSignerAgainWhenACommitFails() throws Exception {
    awaitService();
    final long failing = gateway.signer().orElseThrow().pid();
    assertEquals(0, command("prlimit", "--fsize=4096:4096", "--pid", Long.toString(failing)));
    Until.holds(
        "the end of the signer",
        () -> {
          final Answer answer = gateway.chat("unwritable");
          assertTrue(
              answer.status() == 200 || answer.refused(503, "audit_unavailable"),
              answer.toString());
          return ProcessGateway.gone(failing);
        });
    awaitService();
    assertNotEquals(failing, gateway.signer().orElseThrow().pid());
    assertTrue(gateway.output().contains("ended with status " + ExitCode.COMMIT_FAILED.status()));
    verified(gateway.data());
  }

  static boolean canLimit() throws IOException, InterruptedException {
    return command("prlimit", "--version") == 0;
  }

  private record Timed(Answer answer, Duration took) {}

  @Test
  void shouldDenyAndRecoverWhenTheSignerIsKilledUnderLoad() throws Exception {
    awaitService();
    final long killed = gateway.signer().orElseThrow().pid();
    final ConcurrentLinkedQueue<Timed> all = new ConcurrentLinkedQueue<>();
    final AtomicBoolean stop = new AtomicBoolean();
    final List<Future<?>> callers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
      for (int i = 0; i < CALLERS; i++) {
        callers.add(threads.submit(() -> callUntil(stop, all)));
      }
      try {
        Until.holds("load", () -> count(all, 200) >= 20);
        ProcessHandle.of(killed).orElseThrow().destroyForcibly();
        Until.holds("denials", () -> count(all, 503) > 0);
        Until.holds(
            "a new signer", () -> gateway.signer().map(p -> p.pid() != killed).orElse(false));
        final long before = count(all, 200);
        Until.holds("service again", () -> count(all, 200) >= before + 20);
      } finally {
        stop.set(true);
      }
    }
    for (final Future<?> caller : callers) {
      caller.get();
    }
    for (final Timed timed : all) {
      final Answer answer = timed.answer();
      assertTrue(
          answer.status() == 200 || answer.refused(503, "audit_unavailable"), answer.toString());
      assertTrue(timed.took().compareTo(ANSWER_MAX) < 0, timed.toString());
    }
    everyAnswerIsInTheLog(
        gateway.data(), all.stream().map(Timed::answer).filter(a -> a.status() == 200).toList());
  }

  private static Void callUntil(final AtomicBoolean stop, final ConcurrentLinkedQueue<Timed> all)
      throws IOException, InterruptedException {
    while (!stop.get()) {
      final long start = System.nanoTime();
      final Answer answer = gateway.chat("under load");
      all.add(new Timed(answer, Duration.ofNanos(System.nanoTime() - start)));
      Until.idle(Duration.ofMillis(5));
    }
    return null;
  }

  private static long count(final ConcurrentLinkedQueue<Timed> all, final int status) {
    return all.stream().filter(timed -> timed.answer().status() == status).count();
  }

  @Test
  void shouldForwardNothingWhenTheTokenIsGone() throws Exception {
    awaitService();
    final long gatewayPid = gateway.process().pid();
    final Path tokens = gateway.data().resolve("tokens");
    final Path aside = gateway.data().resolve("tokens-aside");
    final long before;
    Files.move(tokens, aside);
    try {
      Until.idle(Duration.ofSeconds(1));
      before = gateway.receivedByModel();
      for (int i = 0; i < 5; i++) {
        final Answer denied = gateway.chat("no token");
        assertTrue(denied.refused(503, "audit_unavailable"), denied.toString());
      }
      assertEquals(before, gateway.receivedByModel());
    } finally {
      Files.move(aside, tokens);
    }
    awaitService();
    assertEquals(gatewayPid, gateway.process().pid());
    verified(gateway.data());
  }

  @Test
  void shouldForwardNothingWhenAnOrganisationHasNoPolicy() throws Exception {
    awaitService();
    final Matcher issued =
        ISSUED_KEY.matcher(gateway.admin("POST", "/api-keys?org=elsewhere&user=someone", ""));
    assertTrue(issued.find());
    final String key = issued.group(1);
    final long before = gateway.receivedByModel();
    final Answer denied = gateway.chat(key, "no policy");
    assertTrue(denied.refused(503, "policy_unavailable"), denied.toString());
    assertEquals(before, gateway.receivedByModel());
    gateway.admin(
        "POST",
        "/policies?org=elsewhere&file=models.yaml",
        """
        policy_name: models
        environment: "*"
        rules:
          - type: model_access
            id: all
            models: ["*"]
        """);
    Until.holds("the policy in force", () -> gateway.chat(key, "a policy").status() == 200);
    assertEquals(before + 1, gateway.receivedByModel());
  }

  @Test
  void shouldForwardNothingWhenTheTextHasMorePatternMatchesThanTheClassifierHolds()
      throws Exception {
    awaitService();
    gateway.admin(
        "POST",
        "/policies?file=words.yaml",
        """
        policy_name: words
        environment: "*"
        rules:
          - type: content_filter
            id: words
            keywords: [z]
            action: block
        """);
    Until.holds("the pattern in force", () -> gateway.chat("a z").status() == 403);
    denied("z ".repeat(1_100_000));
  }

  @Test
  void shouldForwardNothingWhenTheTextHasMoreFindingsThanTheClassifierHolds() throws Exception {
    awaitService();
    denied("a@b.cc ".repeat(1_100_000));
  }

  private static void denied(final String prompt) throws IOException, InterruptedException {
    final long before = gateway.receivedByModel();
    final Answer denied = gateway.chat(prompt);
    assertTrue(denied.refused(503, "classifier_unavailable"), denied.toString());
    assertTrue(denied.record().isPresent(), "the denial is sealed");
    assertEquals(before, gateway.receivedByModel());
    assertEquals(200, gateway.chat("the next call is not harmed").status());
  }

  private static void awaitService() {
    Until.holds("service", () -> gateway.chat("ready?").status() == 200);
  }

  private static void verified(final Path data) throws IOException {
    final VerifyReport report = DataVerifier.verify(data);
    assertTrue(report.ok(), report.toString());
  }

  private static void everyAnswerIsInTheLog(final Path data, final List<Answer> answers)
      throws IOException {
    verified(data);
    assertFalse(answers.isEmpty());
    try (LogReader log = LogReader.open(data.resolve("log"))) {
      final String shard = log.shards().getLast();
      for (final Answer answer : answers) {
        final byte[] record = log.record(shard, answer.record().orElseThrow());
        assertNotEquals(null, record, answer.toString());
        final Map<?, ?> members = (Map<?, ?>) JcsReader.parse(record);
        assertEquals(answer.requestId(), members.get("request_id"));
      }
    }
  }

  /** A log volume that can be full without harm to others. */
  @Test
  @EnabledIf("canMount")
  void shouldReleaseNothingWhenTheLogVolumeIsFull(@TempDir final Path other) throws Exception {
    final Path log = Files.createDirectories(other.resolve("data/log"));
    assertEquals(0, command("mount", "-t", "tmpfs", "-o", "size=192m", "tmpfs", log.toString()));
    try (ProcessGateway small = ProcessGateway.start(other)) {
      assertEquals(200, small.chat("space").status());
      final Path filler = log.resolve("filler");
      fill(filler);
      Until.idle(Duration.ofSeconds(1));
      final long before = small.receivedByModel();
      for (int i = 0; i < 5; i++) {
        final Answer denied = small.chat("no space");
        assertTrue(denied.refused(503, "audit_unavailable"), denied.toString());
      }
      assertEquals(before, small.receivedByModel());
      Files.delete(filler);
      Until.holds("service", () -> small.chat("space again").status() == 200);
      verified(small.data());
    } finally {
      assertEquals(0, command("umount", "-l", log.toString()));
    }
  }

  /** A file system that turns read-only under the log, as ext4 does after an error. */
  @Test
  @EnabledIf("canMountLoop")
  void shouldReleaseNothingWhenTheLogVolumeTurnsReadOnly(@TempDir final Path other)
      throws Exception {
    final Path image = other.resolve("volume.img");
    final Path log = Files.createDirectories(other.resolve("data/log"));
    makeVolume(image);
    mountVolume(image, log);
    try {
      final List<Answer> released = new ArrayList<>();
      try (ProcessGateway small = ProcessGateway.start(other)) {
        released.add(small.chat("writable"));
        assertEquals(200, released.getFirst().status());
        Files.writeString(
            Path.of("/sys/fs/ext4", device(log).getFileName().toString(), "trigger_fs_error"),
            "a test");
        Until.holds(
            "denial",
            () -> {
              final Answer answer = small.chat("turning");
              if (answer.status() == 200) {
                released.add(answer);
              }
              return answer.refused(503, "audit_unavailable");
            });
        final long before = small.receivedByModel();
        for (int i = 0; i < 5; i++) {
          assertTrue(small.chat("read-only").refused(503, "audit_unavailable"));
        }
        assertEquals(before, small.receivedByModel());
      }
      assertEquals(0, command("umount", log.toString()));
      // 1: errors were found and corrected.
      assertTrue(command("e2fsck", "-fy", image.toString()) <= 1);
      mountVolume(image, log);
      try (ProcessGateway again = ProcessGateway.start(other)) {
        assertEquals(200, again.chat("writable again").status());
        everyAnswerIsInTheLog(again.data(), released);
      }
    } finally {
      assertEquals(0, command("umount", "-l", log.toString()));
    }
  }

  private static void makeVolume(final Path image) throws IOException, InterruptedException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(256L << 20);
    }
    assertEquals(0, command("mkfs.ext4", "-q", image.toString()));
  }

  private static void mountVolume(final Path image, final Path at)
      throws IOException, InterruptedException {
    assertEquals(
        0, command("mount", "-o", "loop,errors=remount-ro", image.toString(), at.toString()));
  }

  /** The loop device behind a mount point. */
  private static Path device(final Path mounted) throws IOException {
    return Files.readAllLines(Path.of("/proc/mounts")).stream()
        .map(line -> line.split(" "))
        .filter(words -> words[1].equals(mounted.toString()))
        .map(words -> Path.of(words[0]))
        .findFirst()
        .orElseThrow();
  }

  static boolean canMountLoop() throws IOException, InterruptedException {
    final Path probe = Files.createTempDirectory("loop");
    final Path image = probe.resolve("volume.img");
    final Path at = Files.createDirectory(probe.resolve("at"));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(8L << 20);
      return command("mkfs.ext4", "-q", image.toString()) == 0
          && command("mount", "-o", "loop", image.toString(), at.toString()) == 0
          && Files.isWritable(
              Path.of("/sys/fs/ext4", device(at).getFileName().toString(), "trigger_fs_error"))
          && command("umount", at.toString()) == 0;
    } finally {
      Files.deleteIfExists(image);
      Files.deleteIfExists(at);
      Files.deleteIfExists(probe);
    }
  }

  /** The last rung of recovery: no token for too long, so the signer is started anew. */
  @Test
  void shouldStartTheSignerAgainWhenNoTokenSignsForTooLong(@TempDir final Path other)
      throws Exception {
    try (RunningGateway impatient =
        RunningGateway.start(other, "signer: {token-restart-seconds: 2}\n")) {
      assertEquals(200, status(impatient));
      final long first = impatient.gateway().signerPid();
      final Path tokens = other.resolve("data/tokens");
      Files.move(tokens, other.resolve("aside"));
      try {
        Until.holds("the end of the signer", () -> ProcessGateway.gone(first));
        assertEquals(503, status(impatient));
      } finally {
        Files.move(other.resolve("aside"), tokens);
      }
      Until.holds("service", () -> status(impatient) == 200);
      assertNotEquals(first, impatient.gateway().signerPid());
      assertTrue(impatient.verify().ok());
    }
  }

  private static int status(final RunningGateway gateway) throws Exception {
    return gateway.post(RunningGateway.chat("loopback-1", "hello")).statusCode();
  }

  private static void fill(final Path file) throws IOException {
    final byte[] block = new byte[1 << 20];
    try (java.io.OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (final IOException full) {
      assertTrue(file.toFile().getUsableSpace() < block.length, full.toString());
    }
  }

  static boolean canMount() throws IOException, InterruptedException {
    final Path probe = Files.createTempDirectory("mount");
    try {
      return command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", probe.toString()) == 0
          && command("umount", probe.toString()) == 0;
    } finally {
      Files.delete(probe);
    }
  }

  private static int command(final String... command) throws IOException, InterruptedException {
    try {
      final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
      assertTrue(process.waitFor(Until.PATIENCE.toSeconds(), TimeUnit.SECONDS));
      return process.exitValue();
    } catch (final IOException missing) {
      return -1;
    }
  }
}
