package io.sealgate.log.witness;

import io.sealgate.log.SignedNote;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import io.sealgate.log.store.CosignedHeads;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.witness.WitnessException.Refusal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks witnesses to cosign the newest heads of a log, again and again, beside all that writes or
 * serves it. What a quorum cosigned is kept in {@link CosignedHeads}; fewer cosignatures are asked
 * for anew with the next head. Its state may be read on any thread.
 */
public final class WitnessRounds implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WitnessRounds.class.getName());
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final long STOP_MILLIS = 5_000;

  /** How often shards that are closed are tried again, in rounds. */
  private static final long CLOSED_EVERY = 64;

  private final CosignedHeads heads;
  private final LogReader log;
  private final TrustPolicy policy;
  private final Duration interval;
  private final Duration ageMax;
  private final Clock clock;
  private final Map<String, WitnessClient> clients = new LinkedHashMap<>();
  private final Map<String, String> troubles = new LinkedHashMap<>();
  private final ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread thread;
  private long rounds;
  private String newest;
  private boolean said;
  private volatile boolean stopped;
  private volatile Status status;

  /**
   * What is known after a round.
   *
   * @param troubles why a witness gave no cosignature last, by its name; empty where it gave one
   */
  public record Status(WitnessCoverage coverage, Map<String, String> troubles) {
    public Status {
      troubles = Map.copyOf(troubles);
    }
  }

  private WitnessRounds(
      Path dataDir, TrustPolicy policy, Duration interval, Duration ageMax, Clock clock) {
    this.heads = CosignedHeads.of(dataDir);
    this.log = LogReader.openCosigned(dataDir);
    this.policy = policy;
    this.interval = interval;
    this.ageMax = ageMax;
    this.clock = clock;
    for (TrustPolicy.Witness witness : policy.witnesses()) {
      clients.put(witness.name(), new WitnessClient(witness, DEADLINE));
      troubles.put(witness.name(), "not asked yet");
    }
    this.thread = Thread.ofPlatform().name("log-witness").daemon(true).unstarted(this::run);
  }

  /**
   * Starts asking.
   *
   * @param dataDir whose log; its signer may be writing
   * @param policy witnesses with their URLs, and a quorum
   * @param interval between two rounds
   * @param ageMax how old a record may become without a quorum's cosignatures
   * @throws IOException if what witnesses said before cannot be read
   * @throws IllegalArgumentException if a witness has no URL
   */
  public static WitnessRounds start(
      Path dataDir, TrustPolicy policy, Duration interval, Duration ageMax, Clock clock)
      throws IOException {
    WitnessRounds rounds = new WitnessRounds(dataDir, policy, interval, ageMax, clock);
    try {
      rounds.heads.keepPolicy(policy);
      rounds.status = rounds.look();
    } catch (IOException e) {
      rounds.close();
      throw e;
    }
    rounds.thread.start();
    return rounds;
  }

  /** What is known now. */
  public Status status() {
    return status;
  }

  /** Age of the oldest record that is not cosigned, in milliseconds; 0 where all are. */
  public long uncoveredMillis(long nowMillis) {
    Instant since = status.coverage().uncoveredSince();
    return since == null ? 0 : Math.max(0, nowMillis - since.toEpochMilli());
  }

  /** Whether a record has been without cosignatures for longer than it may. */
  public boolean isStale(long nowMillis) {
    return uncoveredMillis(nowMillis) > ageMax.toMillis();
  }

  /** Why the log is not witnessed as it should be, naming the witnesses that fail. */
  public String trouble() {
    List<String> failing =
        status.troubles().entrySet().stream()
            .filter(one -> !one.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    return "the log's newest records have not been cosigned by enough witnesses for more than "
        + ageMax.toSeconds()
        + " s"
        + (failing.isEmpty() ? "" : "; without an answer: " + String.join(", ", failing));
  }

  private void run() {
    while (!stopped) {
      Instant begun = clock.instant();
      try {
        round();
        status = look();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (IOException | RuntimeException e) {
        LOG.log(Level.ERROR, "witnesses cannot be asked: {0}", e.getMessage());
        status = blind(begun);
      }
      sayChange();
      LockSupport.parkNanos(interval.toNanos());
    }
  }

  private Status look() throws IOException {
    return new Status(WitnessCoverage.of(log), troubles);
  }

  /** What cannot be looked at is not covered, from the last time it could be on. */
  private Status blind(Instant begun) {
    WitnessCoverage before = status.coverage();
    Instant since = before.uncoveredSince();
    return new Status(
        new WitnessCoverage(
            before.shard(), before.covered(), before.size(), since == null ? begun : since),
        troubles);
  }

  private void sayChange() {
    boolean stale = isStale(clock.millis());
    if (stale && !said) {
      LOG.log(Level.WARNING, trouble());
    } else if (!stale && said) {
      LOG.log(Level.INFO, "the log is cosigned again");
    }
    said = stale;
  }

  private void round() throws IOException, InterruptedException {
    List<String> shards = log.shards();
    if (shards.isEmpty()) {
      return;
    }
    boolean all = rounds++ % CLOSED_EVERY == 0 || !shards.getLast().equals(newest);
    newest = shards.getLast();
    for (String shard : shards.reversed()) {
      if ((all || shard.equals(newest)) && log.covered(shard) < log.size(shard)) {
        ask(shard);
      }
    }
  }

  private record Cosigned(String witness, List<SignedNote.SignatureLine> lines, String trouble) {}

  private void ask(String shard) throws IOException, InterruptedException {
    SignedNote note = SignedNote.parse(log.latestCheckpoint(shard));
    CompletionService<Cosigned> answers = new ExecutorCompletionService<>(asking);
    clients.forEach((name, client) -> answers.submit(() -> cosign(shard, note, name, client)));
    List<SignedNote.SignatureLine> lines = new ArrayList<>();
    List<Vkey> cosigners = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      Cosigned answer = answer(answers);
      if (shard.equals(newest)) {
        say(answer);
      }
      if (!answer.lines().isEmpty()) {
        lines.addAll(answer.lines());
        cosigners.add(key(answer.witness()));
        if (policy.isQuorum(cosigners)) {
          heads.keep(shard, note.with(lines));
        }
      }
    }
  }

  private static Cosigned answer(CompletionService<Cosigned> answers) throws InterruptedException {
    try {
      return answers.take().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking a witness failed", e.getCause());
    }
  }

  private Vkey key(String name) {
    return policy.witnesses().stream()
        .filter(witness -> witness.name().equals(name))
        .findFirst()
        .orElseThrow()
        .key();
  }

  private Cosigned cosign(String shard, SignedNote note, String name, WitnessClient client)
      throws IOException {
    try {
      return new Cosigned(name, client.cosign(note, log.nodes(shard)), "");
    } catch (WitnessException e) {
      // A refusal for what the log shows is not a witness's trouble but the log's.
      Level level =
          e.refusal() == Refusal.INCONSISTENT || e.refusal() == Refusal.CONFLICT
              ? Level.ERROR
              : Level.DEBUG;
      LOG.log(level, "shard {0}: {1}", shard, e.getMessage());
      return new Cosigned(name, List.of(), e.refusal() + ": " + e.getMessage());
    }
  }

  private void say(Cosigned answer) {
    String before = troubles.put(answer.witness(), answer.trouble());
    if (answer.trouble().isEmpty() != before.isEmpty()) {
      LOG.log(
          answer.trouble().isEmpty() ? Level.INFO : Level.WARNING,
          "witness {0} {1}",
          answer.witness(),
          answer.trouble().isEmpty() ? "cosigns" : "gives no cosignature: " + answer.trouble());
    }
  }

  /** Stops asking. Idempotent. */
  @Override
  public void close() throws IOException {
    stopped = true;
    thread.interrupt();
    asking.shutdownNow();
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    clients.values().forEach(WitnessClient::close);
    log.close();
  }
}
