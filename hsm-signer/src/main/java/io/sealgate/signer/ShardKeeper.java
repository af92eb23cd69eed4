package io.sealgate.signer;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.NoteException;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.SignedNote;
import io.sealgate.log.Vkey;
import io.sealgate.log.store.CosignedHeads;
import io.sealgate.log.store.LegalHold;
import io.sealgate.log.store.LogOptions;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.store.LogWriter;
import io.sealgate.signer.token.TokenException;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The log as a row of shards: opens the newest, closes it when its quarter ends or its map fills
 * and opens the next, writes heartbeats, and deletes shards past their retention. Heads are linked:
 * a shard ends with a leaf that names the next, which begins with one that names its predecessor's
 * head. Owned by the writer thread, before that by the thread that starts it.
 */
final class ShardKeeper {
  private static final System.Logger LOG = System.getLogger(ShardKeeper.class.getName());
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long RETENTION_NANOS = TimeUnit.HOURS.toNanos(1);

  private final Path dataDir;
  private final Path logDir;
  private final Path trustFile;
  private final String base;
  private final LogOptions options;
  private final LogLife life;
  private final Retention retention;
  private final LegalHold holds;
  private final SigningSlots slots;
  private final AbsentSlots absent;
  private final SignerEvents events;
  private final Clock clock;
  private final List<LogOrigin> heldSaid = new ArrayList<>();
  private SealPipeline pipeline;
  private long quarterEndMillis;
  private LogOrigin pending;
  private long retryAtNanos = System.nanoTime();
  private long retentionAtNanos = System.nanoTime();
  private long leafNanos = System.nanoTime();
  private long leafSize;

  ShardKeeper(
      SignerConfig config,
      SigningSlots slots,
      AbsentSlots absent,
      SignerEvents events,
      Clock clock) {
    this.dataDir = config.dataDir();
    this.logDir = config.logDir();
    this.trustFile = config.trustFile();
    this.base = config.logName();
    this.options = config.logOptions();
    this.life = config.logLife();
    this.retention = new Retention(logDir, life);
    this.holds = new LegalHold(logDir);
    this.slots = slots;
    this.absent = absent;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Opens the newest shard, or the first of a new log, brings it up to date and says in it that a
   * signer has started. The pipeline is the caller's to close.
   *
   * @param recordSeal what signs each record, or null in batch mode
   */
  SealPipeline open(RecordSeal recordSeal) throws StoreException, SignerException, IOException {
    Instant now = clock.instant();
    String newest = newestShard();
    LogOrigin origin =
        newest == null ? LogOrigin.of(base, now) : LogOrigin.parse(base + "/audit/" + newest);
    requireCosigned();
    pipeline = new SealPipeline(openShard(origin), slots, recordSeal);
    return pipeline;
  }

  /**
   * Before anything is signed: a log that lacks a head which witnesses cosigned is an old copy, or
   * its volume is not mounted, and would be forked by going on.
   */
  private void requireCosigned() throws SignerException, IOException {
    CosignedHeads heads = CosignedHeads.of(dataDir);
    try (LogReader reader = LogReader.openCosigned(dataDir)) {
      List<String> shards = reader.shards();
      String head = heads.newestShard();
      if (head != null
          && (shards.isEmpty()
              || shards.getLast().compareTo(head) < 0
              || shards.contains(head) && reader.covered(head) != heads.covered(head))) {
        throw new SignerException(
            ExitCode.CONFIGURATION,
            "witnesses cosigned shard "
                + head
                + " up to record "
                + heads.covered(head)
                + ", which "
                + logDir
                + " does not hold: it was set back, or its volume is not mounted; put the log back,"
                + " or move 'cosigned' in the data folder aside to go on without what is missing");
      }
    }
  }

  /** Seals what a start has to say, in the shard of this moment. */
  void start() throws TokenException, StoreException, SignerException, IOException {
    bringUp();
    LogOrigin origin = pipeline.log().origin();
    List<byte[]> leaves = new ArrayList<>();
    leaves.add(events.alive("signer-start", origin, slots.preferred().key()));
    if (life.retentionDays() < LogLife.RETENTION_DAYS_MINIMUM) {
      leaves.add(
          events.event(
              "retention-below-minimum",
              origin,
              Map.of("days", Integer.toString(life.retentionDays()))));
    }
    pipeline.sealOwn(leaves);
  }

  /** Goes to the shard of this moment, and announces keys that the log does not know. */
  void bringUp() throws TokenException, StoreException, SignerException, IOException {
    beginShardIfNew();
    Map<?, ?> closed = SignerEvents.parse(pipeline.log().lastRecord(), "shard-close");
    if (closed != null) {
      pending = LogOrigin.parse(String.valueOf(closed.get("next")));
      pipeline.leave();
    }
    rollIfDue();
    announceNewKeys();
  }

  private String newestShard() throws StoreException {
    try (LogReader reader = LogReader.open(logDir)) {
      List<String> shards = reader.shards();
      return shards.isEmpty() ? null : shards.getLast();
    }
  }

  private LogWriter openShard(LogOrigin origin)
      throws StoreException, SignerException, IOException {
    List<Vkey> keys = new ArrayList<>(TrustFile.keys(trustFile, origin));
    for (SigningSlot slot : slots.slots()) {
      Vkey key = slot.keyOf(origin);
      if (!keys.contains(key)) {
        keys.add(key);
      }
    }
    LogWriter log = LogWriter.open(logDir, origin, NoteVerifier.of(keys), options);
    quarterEndMillis = origin.quarterEnd().toEpochMilli();
    return log;
  }

  /** The first leaves of an empty shard: the link to its predecessor and its keys. */
  private void beginShardIfNew()
      throws TokenException, StoreException, SignerException, IOException {
    LogOrigin origin = pipeline.log().origin();
    if (pipeline.treeSize() == 0) {
      List<byte[]> leaves = new ArrayList<>();
      LogOrigin before = predecessor(origin);
      if (before != null) {
        leaves.add(events.event("shard-open", origin, Map.of("previous", head(before))));
      }
      for (SigningSlot slot : slots.slots()) {
        if (slot.announced()) {
          leaves.add(events.keyAdd(origin, slot.key(), 0));
        }
      }
      pipeline.sealOwn(leaves);
    }
    for (SigningSlot slot : slots.slots()) {
      if (slot.announced()) {
        TrustFile.add(trustFile, slot.key());
      }
    }
  }

  /** A key that the log does not know yet is announced under the signature of one that it knows. */
  private void announceNewKeys()
      throws TokenException, StoreException, SignerException, IOException {
    for (SigningSlot slot : slots.slots()) {
      if (!slot.announced()) {
        announce(slot);
      }
    }
  }

  private void announce(SigningSlot slot)
      throws TokenException, StoreException, SignerException, IOException {
    long covered = pipeline.treeSize() + 1;
    LogOrigin origin = pipeline.log().origin();
    pipeline.sealOwn(List.of(events.keyAdd(origin, slot.key(), covered)));
    TrustFile.add(trustFile, slot.key());
    slot.announce();
  }

  /** A slot that came back signs again; in a shard that does not know its key, once it is said. */
  private void joinReturned() throws TokenException, StoreException, SignerException, IOException {
    SigningSlot slot = absent.peek();
    if (slot == null || pipeline.log() == null) {
      return;
    }
    LogOrigin origin = pipeline.log().origin();
    pipeline.name(slot, origin);
    if (TrustFile.keys(trustFile, origin).contains(slot.key())) {
      slot.announce();
    } else {
      announce(slot);
    }
    slots.join(slot);
    absent.taken();
    LOG.log(Level.INFO, "{0} is back and signs", slot.name());
  }

  private LogOrigin predecessor(LogOrigin origin) throws StoreException {
    try (LogReader reader = LogReader.open(logDir)) {
      List<String> older =
          reader.shards().stream().filter(shard -> shard.compareTo(origin.shard()) < 0).toList();
      return older.isEmpty() ? null : LogOrigin.parse(base + "/audit/" + older.getLast());
    }
  }

  private Map<String, String> head(LogOrigin origin) throws StoreException {
    byte[] note = lastCheckpoint(origin);
    try {
      Checkpoint checkpoint = Checkpoint.parse(SignedNote.parse(note).text());
      return Map.of(
          "checkpoint_sha256",
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(note)),
          "origin",
          checkpoint.origin(),
          "root",
          HexFormat.of().formatHex(checkpoint.root()),
          "size",
          Long.toString(checkpoint.size()));
    } catch (NoteException e) {
      throw new StoreException(
          "the last checkpoint of " + origin + " cannot be read; verify the log", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private byte[] lastCheckpoint(LogOrigin origin) throws StoreException {
    try (LogReader reader = LogReader.open(logDir)) {
      byte[] note = reader.latestCheckpoint(origin.shard());
      if (note == null) {
        throw new StoreException("shard " + origin + " has no checkpoint; verify the log");
      }
      return note;
    }
  }

  /**
   * Before a batch: goes over to the next shard when the time has come. What fails is tried again a
   * second later; meanwhile records go on in the present shard, or fail where it is closed already.
   */
  void beforeBatch() throws SignerException {
    if (absent.peek() != null) {
      tried("a slot that is back cannot join", this::joinReturned);
    }
    boolean due = pipeline.log() == null || clock.millis() >= quarterEndMillis;
    if (due || pipeline.log().isFull()) {
      tried("the next shard cannot be begun", this::rollIfDue);
    }
  }

  private interface Step {
    void take() throws TokenException, StoreException, SignerException, IOException;
  }

  private void tried(String trouble, Step step) throws SignerException {
    if (System.nanoTime() - retryAtNanos < 0) {
      return;
    }
    try {
      step.take();
    } catch (TokenException | StoreException e) {
      retryAtNanos = System.nanoTime() + RETRY_NANOS;
      LOG.log(Level.ERROR, "{0}: {1}", trouble, e.getMessage());
    } catch (IOException e) {
      throw new SignerException(ExitCode.LOG_UNAVAILABLE, trouble + ": " + e, e);
    }
  }

  private void rollIfDue() throws TokenException, StoreException, SignerException, IOException {
    if (pipeline.log() != null) {
      LogOrigin origin = pipeline.log().origin();
      boolean over = origin.isBefore(clock.instant());
      if (!over && !pipeline.log().isFull()) {
        return;
      }
      LogOrigin next = origin.next(clock.instant());
      pipeline.sealLast(
          events.event(
              "shard-close",
              origin,
              Map.of("next", next.name(), "reason", over ? "quarter" : "map")));
      pending = next;
      pipeline.leave();
    }
    pipeline.enter(openShard(pending));
    beginShardIfNew();
    LOG.log(Level.INFO, "the log goes on in {0}", pending);
  }

  /** In idle moments: prepares the disk, says that the log is alive, deletes what is over. */
  void idle() throws TokenException, StoreException, SignerException {
    pipeline.maintain();
    if (pipeline.log() == null) {
      return;
    }
    long now = System.nanoTime();
    if (pipeline.treeSize() != leafSize) {
      leafSize = pipeline.treeSize();
      leafNanos = now;
    } else if (life.heartbeatSeconds() > 0
        && now - leafNanos >= TimeUnit.SECONDS.toNanos(life.heartbeatSeconds())) {
      leafNanos = now;
      LogOrigin origin = pipeline.log().origin();
      pipeline.sealOwn(List.of(events.alive("heartbeat", origin, slots.preferred().key())));
    }
    if (now - retentionAtNanos >= 0) {
      retentionAtNanos = now + RETENTION_NANOS;
      deleteExpired();
    }
  }

  private void deleteExpired() throws TokenException, StoreException, SignerException {
    LogOrigin present = pipeline.log().origin();
    for (LogOrigin expired : retention.expired(base, clock.instant())) {
      String hold = holds.reason(expired.shard());
      if (hold != null) {
        if (!heldSaid.contains(expired)) {
          pipeline.sealOwn(
              List.of(
                  events.event(
                      "shard-hold", present, Map.of("reason", hold, "shard", expired.name()))));
          heldSaid.add(expired);
        }
      } else {
        retention.keepCheckpoint(expired, lastCheckpoint(expired));
        pipeline.sealOwn(
            List.of(events.event("shard-delete", present, Map.of("shard", head(expired)))));
        retention.delete(expired);
        LOG.log(Level.INFO, "{0} is past its retention and was deleted", expired);
      }
    }
  }
}
