package io.sealgate.signer;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.sealgate.signer.ipc.SealWire;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.IoUtil;
import org.agrona.LangUtil;
import org.agrona.concurrent.BackoffIdleStrategy;

/** The media driver in the signer and the signer's own client of it. */
final class SignerDriver implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SignerDriver.class.getName());

  /**
   * Three of these make a stream's buffer; its window is half of one and is moved on every driver
   * cycle.
   */
  private static final int TERM_BYTES = 4 << 20;

  /** Most records fit into one fragment. */
  private static final int MTU_BYTES = 16 << 10;

  /** Some eight thousand counters; each of at most 256 lanes takes a handful. */
  private static final int COUNTER_BYTES = 1 << 20;

  /** How often the driver says that it lives; clients give it a second. */
  private static final long TIMER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A client that is silent for so long has its streams taken down. */
  private static final long CLIENT_LIVENESS_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * A claim left half done by a dead producer is skipped after this, which must exceed the
   * liveness.
   */
  private static final long UNBLOCK_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** The driver is in this process, so only a stalled machine lets it miss this. */
  private static final long OWN_DRIVER_TIMEOUT_MILLIS = 10_000;

  private static final long PARK_MIN_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long PARK_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final MediaDriver driver;
  private final Aeron aeron;

  private SignerDriver(MediaDriver driver, Aeron aeron) {
    this.driver = driver;
    this.aeron = aeron;
  }

  /**
   * Starts a driver in a directory that the caller has locked; whatever an earlier one left there
   * is deleted.
   */
  static SignerDriver launch(Path aeronDir) throws SignerException, IOException {
    deleteLeftovers(aeronDir);
    MediaDriver driver =
        MediaDriver.launch(
            new MediaDriver.Context()
                .aeronDirectoryName(aeronDir.toString())
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new BackoffIdleStrategy(1, 1, PARK_MIN_NANOS, PARK_MAX_NANOS))
                .ipcTermBufferLength(TERM_BYTES)
                .ipcMtuLength(MTU_BYTES)
                .counterValuesBufferLength(COUNTER_BYTES)
                .termBufferSparseFile(true)
                .timerIntervalNs(TIMER_NANOS)
                .clientLivenessTimeoutNs(CLIENT_LIVENESS_NANOS)
                .publicationUnblockTimeoutNs(UNBLOCK_NANOS)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .warnIfDirectoryExists(false)
                .errorHandler(SignerDriver::logError));
    try {
      // The driver creates its files for everyone to read; the directory keeps others out.
      Files.setPosixFilePermissions(aeronDir, PosixFilePermissions.fromString("rwxrwx---"));
      Aeron aeron =
          Aeron.connect(
              new Aeron.Context()
                  .aeronDirectoryName(aeronDir.toString())
                  .clientName("sealgate-signer")
                  .driverTimeoutMs(OWN_DRIVER_TIMEOUT_MILLIS)
                  .errorHandler(SignerDriver::logError)
                  // A record whose handling fails must stop the writer, not be logged and skipped.
                  .subscriberErrorHandler(LangUtil::rethrowUnchecked));
      return new SignerDriver(driver, aeron);
    } catch (RuntimeException | IOException e) {
      driver.close();
      throw e;
    }
  }

  private static void deleteLeftovers(Path aeronDir) throws SignerException, IOException {
    if (!Files.isDirectory(aeronDir)) {
      return;
    }
    try (Stream<Path> entries = Files.list(aeronDir)) {
      boolean empty = entries.findAny().isEmpty();
      if (!empty && !CommonContext.newCncFile(aeronDir.toString()).exists()) {
        throw new SignerException(
            ExitCode.CONFIGURATION,
            aeronDir + " holds files that are not a media driver's; give the signer an empty one");
      }
    }
    // The driver's own check would wait until the leftovers look dead; the lock already says so.
    IoUtil.delete(aeronDir.toFile(), true);
  }

  private static void logError(Throwable error) {
    LOG.log(Level.WARNING, "media driver", error);
  }

  /** The records that come in, of all lanes. */
  Subscription records(Runnable onLane, Runnable onLaneLeft) {
    return aeron.addSubscription(
        SealWire.CHANNEL,
        SealWire.RECORDS_STREAM,
        image -> onLane.run(),
        image -> onLaneLeft.run());
  }

  /** The way of the answers. */
  Publication answers() {
    return aeron.addPublication(SealWire.CHANNEL, SealWire.RECEIPTS_STREAM);
  }

  /** Whether the signer's own client has given up. */
  boolean isClosed() {
    return aeron.isClosed();
  }

  @Override
  public void close() {
    try {
      aeron.close();
    } finally {
      driver.close();
    }
  }
}
