package io.sealgate.signer;

import io.aeron.Publication;
import io.sealgate.log.JcsWriter;
import io.sealgate.log.Vkey;
import io.sealgate.signer.ipc.SignerHealth;
import io.sealgate.signer.token.TokenException;
import io.sealgate.store.StoreException;
import io.sealgate.store.WholeFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A running signer: token, log, media driver and the threads between them. It is normally the whole
 * of a process (see {@link SignerProcess}); a test may run it beside a client in one.
 */
public final class Signer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Signer.class.getName());
  private static final long HEARTBEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long PROBE_SICK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Some tokens end a session that is silent for thirty seconds. */
  private static final long PROBE_IDLE_NANOS = TimeUnit.SECONDS.toNanos(20);

  /**
   * A call into the module that lasts longer will not come back; only the end of the process frees
   * it.
   */
  private static final long HANG_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long WRITER_STOP_MILLIS = 10_000;

  private final SignerConfig config;
  private final Clock clock;
  private final Consumer<SignerException> onFatal;
  private final long instance = new SecureRandom().nextLong();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private SigningSlots slots;
  private ShardKeeper keeper;
  private SignerDriver driver;
  private volatile SealLoop loop;
  private ReceiptPublisher answers;
  private Thread writer;
  private Thread supervisor;
  private Vkey shown;
  private boolean closed;

  private Signer(SignerConfig config, Clock clock, Consumer<SignerException> onFatal) {
    this.config = config;
    this.clock = clock;
    this.onFatal = onFatal;
  }

  /**
   * Starts a signer and returns when it is ready: the token has signed, the log is open, clients
   * can connect.
   *
   * @param onFatal told, on one of the signer's threads and at most a few times, that the process
   *     must end at once without another write
   * @throws SignerException why it cannot start, with what was started taken down again
   */
  public static Signer start(SignerConfig config, Consumer<SignerException> onFatal)
      throws SignerException {
    return start(config, Clock.systemUTC(), onFatal);
  }

  static Signer start(SignerConfig config, Clock clock, Consumer<SignerException> onFatal)
      throws SignerException {
    Signer signer = new Signer(config, clock, onFatal);
    boolean ready = false;
    try {
      signer.open();
      ready = true;
      return signer;
    } catch (TokenException e) {
      throw SignerException.of(e);
    } catch (StoreException e) {
      throw new SignerException(ExitCode.LOG_UNAVAILABLE, e.getMessage(), e);
    } catch (IOException e) {
      throw new SignerException(
          ExitCode.CONFIGURATION, "the signer cannot use its folders: " + e, e);
    } catch (RuntimeException e) {
      throw new SignerException(ExitCode.INTERNAL, "the signer could not start: " + e, e);
    } finally {
      if (!ready) {
        signer.close();
      }
    }
  }

  private void open() throws SignerException, TokenException, IOException {
    Files.createDirectories(config.aeronDir().getParent());
    LogSession session = keep(LogSession.open(config, clock, instance));
    Path aeronLock = config.aeronDir().resolveSibling(config.aeronDir().getFileName() + ".lock");
    keep(OwnerLock.take(aeronLock, config.aeronDir()));
    slots = session.slots();
    keeper = session.keeper();
    keeper.start();
    serveContentKeys();
    serve(session.pipeline());
    session.absent().start();
  }

  /** The log is sealed without it: then calls whose content is to be kept are denied. */
  private void serveContentKeys() throws TokenException {
    try {
      keep(ContentKeyService.start(config));
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the content store gets no keys: {0}", e.getMessage());
    }
  }

  private <T extends AutoCloseable> T keep(T resource) {
    opened.push(resource);
    return resource;
  }

  private void serve(SealPipeline pipeline) throws SignerException, IOException {
    driver = keep(SignerDriver.launch(config.aeronDir()));
    Publication publication = driver.answers();
    answers = new ReceiptPublisher(publication, instance);
    loop =
        new SealLoop(
            driver.records(this::greet, this::laneLeft),
            pipeline,
            keeper,
            answers,
            config.batchRecordsMax(),
            this::die);
    writer = Thread.ofPlatform().name("signer-writer").daemon(true).start(loop);
    keep(() -> Files.deleteIfExists(config.runFile()));
    showKey();
    supervisor = Thread.ofPlatform().name("signer-supervisor").daemon(true).start(this::supervise);
  }

  private void die(SignerException cause) {
    onFatal.accept(cause);
    // Reached only where the process lives on: without heartbeats clients see that nobody seals.
    requestStop();
  }

  /** A lane has come: its client waits for a heartbeat. */
  private void greet() {
    LockSupport.unpark(supervisor);
  }

  private void laneLeft() {
    SealLoop running = loop;
    if (running != null) {
      running.laneLeft();
    }
  }

  private void supervise() {
    try {
      long probeNanos = System.nanoTime();
      while (stopAsked.getCount() > 0) {
        answers.heartbeat(health());
        requireAlive();
        showNewKey();
        long now = System.nanoTime();
        if (now - probeNanos > PROBE_SICK_NANOS) {
          probeNanos = now;
          slots.supervise(PROBE_IDLE_NANOS);
        }
        LockSupport.parkNanos(HEARTBEAT_NANOS);
      }
    } catch (SignerException e) {
      die(e);
    } catch (RuntimeException e) {
      die(new SignerException(ExitCode.INTERNAL, "the supervisor failed: " + e, e));
    }
  }

  private void requireAlive() throws SignerException {
    if (slots.hangNanos() > HANG_NANOS) {
      throw new SignerException(ExitCode.TOKEN_UNAVAILABLE, "the PKCS#11 module hangs");
    }
    int patienceSeconds = config.slotOptions().restartSeconds();
    if (!slots.trouble().isEmpty()
        && slots.sinceGoodNanos() > TimeUnit.SECONDS.toNanos(patienceSeconds)) {
      throw new SignerException(
          ExitCode.TOKEN_UNAVAILABLE,
          "no token has signed for "
              + patienceSeconds
              + " s; a new process may reach one: "
              + slots.trouble());
    }
    if (driver.isClosed()) {
      // Aeron gives up on a process that was suspended for longer than its timeouts.
      throw new SignerException(ExitCode.INTERNAL, "the connection to the media driver is lost");
    }
  }

  private SignerHealth health() {
    SealLoop.Totals totals = loop.totals();
    String token = slots.trouble();
    return new SignerHealth(
        totals.treeSize(),
        totals.batches(),
        totals.failedBatches(),
        totals.last().records(),
        totals.last().signNanos(),
        totals.last().flushNanos(),
        token.isEmpty(),
        token.isEmpty() ? loop.trouble() : token);
  }

  /** The supervisor: in the next shard the key has another name. */
  private void showNewKey() {
    if (!key().equals(shown)) {
      try {
        showKey();
      } catch (IOException e) {
        LOG.log(
            Level.WARNING, "{0} still shows the key of the last shard: {1}", config.runFile(), e);
      }
    }
  }

  private void showKey() throws IOException {
    Vkey key = key();
    byte[] json =
        new JcsWriter()
            .beginObject()
            .name("key type")
            .value(config.keyType().name())
            .name("origin")
            .value(key.name())
            .name("pid")
            .value(ProcessHandle.current().pid())
            .name("vkey")
            .value(key.toString())
            .endObject()
            .toByteArray();
    WholeFile.write(config.runFile(), new String(json, StandardCharsets.UTF_8) + "\n");
    shown = key;
  }

  /** The key that verifies the present shard of the log: that of the first slot. */
  public Vkey key() {
    return slots.slots().getFirst().key();
  }

  /** Asks the signer to stop; returns at once. Any thread. */
  public void requestStop() {
    stopAsked.countDown();
    LockSupport.unpark(supervisor);
  }

  /** Waits until someone asks the signer to stop. */
  public void awaitStopRequest() throws InterruptedException {
    stopAsked.await();
  }

  /** Finishes the present batch, tells the clients, and gives everything up. Idempotent. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    requestStop();
    if (loop != null) {
      loop.stop();
      join(writer);
      join(supervisor);
      if (writer.isAlive()) {
        // It still holds the log and the streams; unmapping them under it would end in a crash.
        onFatal.accept(new SignerException(ExitCode.TOKEN_UNAVAILABLE, "the writer does not stop"));
        return;
      }
    }
    while (!opened.isEmpty()) {
      closeQuietly(opened.pop());
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join(WRITER_STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "while stopping", e);
    }
  }
}
