package io.sealgate.signer.client;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.logbuffer.FragmentHandler;
import io.sealgate.signer.ipc.SealWire;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/** One connection to one life of the signer's media driver. Owned by the poller thread. */
final class SealConnection implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SealConnection.class.getName());
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int FRAGMENTS_MAX = 64;
  private static final long AWAIT_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Aeron aeron;
  private final String driver;
  private final Path cncFile;
  private final long clientId = RANDOM.nextLong();
  private final Subscription receipts;
  private final ExclusivePublication[] records;
  private final FragmentAssembler assembler;
  private String failure;

  private SealConnection(
      Path aeronDir, String driver, int lanes, long silenceMaxNanos, FragmentHandler handler) {
    this.driver = driver;
    this.cncFile = cncFile(aeronDir);
    this.assembler = new FragmentAssembler(handler);
    this.aeron =
        Aeron.connect(
            new Aeron.Context()
                .aeronDirectoryName(aeronDir.toString())
                .clientName("sealgate-gateway")
                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(silenceMaxNanos))
                .useConductorAgentInvoker(true)
                .idleSleepDurationNs(AWAIT_SLEEP_NANOS)
                .errorHandler(this::onError));
    this.records = new ExclusivePublication[lanes];
    try {
      this.receipts = aeron.addSubscription(SealWire.CHANNEL, SealWire.RECEIPTS_STREAM);
      for (int lane = 0; lane < lanes; lane++) {
        records[lane] = aeron.addExclusivePublication(SealWire.CHANNEL, SealWire.RECORDS_STREAM);
      }
    } catch (RuntimeException e) {
      aeron.close();
      throw e;
    }
  }

  /** A connection, or null when no driver is alive in the directory. */
  static SealConnection open(
      Path aeronDir, String driver, int lanes, long silenceMaxNanos, FragmentHandler handler) {
    long silenceMaxMillis = TimeUnit.NANOSECONDS.toMillis(silenceMaxNanos);
    try {
      File directory = aeronDir.toFile();
      if (!CommonContext.isDriverActive(directory, silenceMaxMillis, SealConnection::ignore)) {
        return null;
      }
      return new SealConnection(aeronDir, driver, lanes, silenceMaxNanos, handler);
    } catch (AeronException | IllegalStateException | IllegalArgumentException e) {
      LOG.log(Level.DEBUG, "no connection to the signer in {0}: {1}", aeronDir, e);
      return null;
    }
  }

  private static void ignore(String driverProbe) {
    LOG.log(Level.TRACE, "{0}", driverProbe);
  }

  /**
   * What tells one life of a driver from the next: the identity of the file it creates at its
   * start. Null when there is none. Two lives may share it by chance, so it can prove a change but
   * not sameness.
   */
  static String driverIdentity(Path aeronDir) {
    try {
      BasicFileAttributes file = Files.readAttributes(cncFile(aeronDir), BasicFileAttributes.class);
      return file.fileKey() + "@" + file.creationTime();
    } catch (IOException e) {
      return null;
    }
  }

  private static Path cncFile(Path aeronDir) {
    return CommonContext.newCncFile(aeronDir.toString()).toPath();
  }

  private void onError(Throwable error) {
    LOG.log(Level.DEBUG, "aeron client", error);
    if (failure == null) {
      failure = error.getClass().getSimpleName() + ": " + error.getMessage();
    }
  }

  long clientId() {
    return clientId;
  }

  /** The identity of the driver this is a connection to. */
  String driver() {
    return driver;
  }

  ExclusivePublication records(int lane) {
    return records[lane];
  }

  /** Delivers what has arrived; the work done. */
  int poll() {
    return receipts.poll(assembler, FRAGMENTS_MAX);
  }

  /** Keeps the connection alive; to be called every few milliseconds. */
  void attend() {
    aeron.conductorAgentInvoker().invoke();
  }

  /** Why the connection is of no use any more, or null. */
  String failure() {
    if (failure != null) {
      return failure;
    }
    return aeron.isClosed() ? "the media driver is gone" : null;
  }

  /** Whether another driver has taken the place of this connection's. */
  boolean superseded(Path aeronDir) {
    return !driver.equals(driverIdentity(aeronDir));
  }

  /** Whether the signer listens to every lane. */
  boolean heard() {
    for (ExclusivePublication lane : records) {
      if (!lane.isConnected()) {
        return false;
      }
    }
    return receipts.isConnected();
  }

  @Override
  public void close() {
    aeron.close();
    LOG.log(Level.DEBUG, "left the driver of {0}", cncFile);
  }
}
