package io.sealgate.signer;

import io.aeron.Publication;
import io.sealgate.log.JcsWriter;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.LogWriter;
import io.sealgate.log.NoteException;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.Vkey;
import io.sealgate.signer.ipc.SignerHealth;
import io.sealgate.signer.token.Pkcs11Driver;
import io.sealgate.signer.token.SigningToken;
import io.sealgate.signer.token.SoftHsm;
import io.sealgate.signer.token.TokenConfig;
import io.sealgate.signer.token.TokenException;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
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
  private final Consumer<SignerException> onFatal;
  private final long instance = new SecureRandom().nextLong();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private Vkey key;
  private SignStage signStage;
  private SignerDriver driver;
  private volatile SealLoop loop;
  private ReceiptPublisher answers;
  private Thread writer;
  private Thread supervisor;
  private boolean closed;

  private Signer(SignerConfig config, Consumer<SignerException> onFatal) {
    this.config = config;
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
    Signer signer = new Signer(config, onFatal);
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
    createPrivate(config.dataDir());
    createPrivate(config.runDir());
    createPrivate(config.logDir());
    Files.createDirectories(config.aeronDir().getParent());
    keep(OwnerLock.take(config.runDir().resolve("signer.lock"), config.dataDir()));
    Path aeronLock = config.aeronDir().resolveSibling(config.aeronDir().getFileName() + ".lock");
    keep(OwnerLock.take(aeronLock, config.aeronDir()));

    SigningToken token = openToken();
    signStage = keep(new SignStage(token, config.signDeadlineMillis()));
    Clock clock = Clock.systemUTC();
    LogOrigin origin = LogOrigin.of(config.logName(), clock.instant());
    key = verifierKey(origin, token);
    TrustFile.check(config.trustFile(), key);
    SealPipeline pipeline = keep(openLog(origin));
    sealStart(pipeline, origin, clock);
    TrustFile.add(config.trustFile(), key);
    serve(pipeline);
    writeRunFile(origin);
  }

  private <T extends AutoCloseable> T keep(T resource) {
    opened.push(resource);
    return resource;
  }

  private static void createPrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    }
  }

  private SigningToken openToken() throws SignerException, TokenException, IOException {
    boolean automatic = config.pkcs11Module().equals(SignerConfig.MODULE_AUTO);
    Path module = automatic ? SoftHsm.findModule() : Path.of(config.pkcs11Module());
    TokenConfig wanted =
        new TokenConfig(
            module, config.tokenLabel(), config.keyLabel(), config.keyType(), config.pinFile());
    // A log that has a key never gets another by itself: a lost token must be seen, not replaced.
    boolean create = config.createToken() && !Files.exists(config.trustFile());
    if (SignerProcess.ownsToken(config)) {
      if (!create && !Files.isDirectory(config.tokensDir())) {
        throw new SignerException(
            ExitCode.TOKEN_UNAVAILABLE,
            "the token folder "
                + config.tokensDir()
                + " is gone but the log has its key; put the folder back");
      }
      SoftHsm.use(config.tokensDir());
    }
    if (create) {
      SoftHsm.ensureToken(wanted, config.soPinFile());
    }
    return SigningToken.open(new Pkcs11Driver(wanted), config.keyType());
  }

  private static Vkey verifierKey(LogOrigin origin, SigningToken token) throws SignerException {
    try {
      return Vkey.of(origin.name(), token.publicKey());
    } catch (NoteException e) {
      throw new SignerException(
          ExitCode.CONFIGURATION, "the token's key cannot sign a log: " + e.getMessage(), e);
    }
  }

  private SealPipeline openLog(LogOrigin origin) throws StoreException {
    LogWriter log =
        LogWriter.open(config.logDir(), origin, NoteVerifier.of(key), config.logOptions());
    return new SealPipeline(log, key, signStage);
  }

  private void sealStart(SealPipeline pipeline, LogOrigin origin, Clock clock)
      throws TokenException, StoreException, SignerException {
    SignerEvents events =
        new SignerEvents(origin, key, HexFormat.of().toHexDigits(instance), clock);
    List<byte[]> leaves = new ArrayList<>();
    if (pipeline.treeSize() == 0) {
      leaves.add(events.keyAdd());
    }
    leaves.add(events.signerStart());
    pipeline.sealOwn(leaves);
  }

  private void serve(SealPipeline pipeline) throws SignerException, IOException {
    driver = keep(SignerDriver.launch(config.aeronDir()));
    Publication publication = driver.answers();
    answers = new ReceiptPublisher(publication, instance);
    loop =
        new SealLoop(
            driver.records(this::greet, this::laneLeft),
            pipeline,
            answers,
            config.batchRecordsMax(),
            this::die);
    writer = Thread.ofPlatform().name("signer-writer").daemon(true).start(loop);
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
        boolean sick = !signStage.trouble().isEmpty();
        boolean silent = signStage.sinceGoodNanos() > PROBE_IDLE_NANOS;
        long now = System.nanoTime();
        if ((sick || silent) && now - probeNanos > PROBE_SICK_NANOS) {
          probeNanos = now;
          signStage.probe();
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
    if (signStage.callNanos() > HANG_NANOS) {
      throw new SignerException(ExitCode.TOKEN_UNAVAILABLE, "the PKCS#11 module hangs");
    }
    if (driver.isClosed()) {
      // Aeron gives up on a process that was suspended for longer than its timeouts.
      throw new SignerException(ExitCode.INTERNAL, "the connection to the media driver is lost");
    }
  }

  private SignerHealth health() {
    SealLoop.Totals totals = loop.totals();
    String token = signStage.trouble();
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

  private void writeRunFile(LogOrigin origin) throws IOException {
    byte[] json =
        new JcsWriter()
            .beginObject()
            .name("key type")
            .value(config.keyType().name())
            .name("origin")
            .value(origin.name())
            .name("pid")
            .value(ProcessHandle.current().pid())
            .name("vkey")
            .value(key.toString())
            .endObject()
            .toByteArray();
    Path file = config.runFile();
    TrustFile.write(file, new String(json, StandardCharsets.UTF_8) + "\n");
    keep(() -> Files.deleteIfExists(file));
  }

  /** The key that verifies the log. */
  public Vkey key() {
    return key;
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
