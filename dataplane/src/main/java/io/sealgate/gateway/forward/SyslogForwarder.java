package io.sealgate.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sealgate.gateway.config.ForwardConfig;
import io.sealgate.gateway.net.Transport;
import io.sealgate.gateway.net.UpstreamTls;
import io.sealgate.log.store.LogReader;
import io.sealgate.store.StateStore;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the log and sends every record to one collector, in order, at least once. A place in the
 * log is kept only when what lies before it was sent twice the timeout ago over a connection that
 * still stands, so that whatever a broken connection swallowed is sent again. A collector that is
 * away or slow holds up nothing but its own copy.
 */
public final class SyslogForwarder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SyslogForwarder.class);
  private static final int PAGE_RECORDS_MAX = 512;
  private static final int PAGE_BYTES_MAX = 1 << 20;
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PAUSE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);
  private static final long STOP_MILLIS = 5_000;

  private final ForwardConfig config;
  private final Transport transport;
  private final StateStore store;
  private final LogReader log;
  private final SslContext tls;
  private final SyslogMessage messages;
  private final EventLoopGroup loop;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean connected;
  private volatile long sent;

  /** A place that is reached once what was sent by then has arrived. */
  private record Sent(LogCursor next, long nanos) {}

  private SyslogForwarder(
      final ForwardConfig config,
      final Transport transport,
      final Path logFolder,
      final StateStore store)
      throws IOException {
    this.config = config;
    this.transport = transport;
    this.store = store;
    this.tls = UpstreamTls.client(config.tlsCa());
    this.log = LogReader.open(logFolder);
    this.messages = new SyslogMessage(InetAddress.getLocalHost().getHostName());
    final String name = "sealgate-forward-" + config.name();
    this.loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory(name, true), transport.ioHandlerFactory());
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
  }

  /**
   * Starts to follow the log.
   *
   * @param store where the place in the log is kept; the caller closes it after this
   * @throws IOException when the trusted certificates cannot be read
   */
  public static SyslogForwarder start(
      final ForwardConfig config,
      final Transport transport,
      final Path logFolder,
      final StateStore store)
      throws IOException {
    final SyslogForwarder forwarder = new SyslogForwarder(config, transport, logFolder, store);
    forwarder.thread.start();
    return forwarder;
  }

  /** The collector's name. */
  public String name() {
    return config.name();
  }

  /** Whether a connection to the collector stands. */
  public boolean connected() {
    return connected;
  }

  /** Records sent since the start, those sent again among them. */
  public long sent() {
    return sent;
  }

  private void run() {
    long pause = PAUSE_NANOS_MIN;
    boolean reported = false;
    while (!stopped) {
      try (SyslogConnection connection =
          SyslogConnection.open(
              loop, transport, tls, config.host(), config.port(), config.timeoutMs())) {
        LOG.info("forwarding the log to {}:{}", config.host(), config.port());
        connected = true;
        reported = false;
        pause = PAUSE_NANOS_MIN;
        follow(connection);
      } catch (final IOException | RuntimeException e) {
        if (!reported && !stopped) {
          LOG.warn("forward {}: {}; it is tried until it works", config.name(), e.getMessage());
          reported = true;
        }
      } finally {
        connected = false;
      }
      if (!stopped) {
        LockSupport.parkNanos(pause);
        pause = Math.min(PAUSE_NANOS_MAX, pause * 2);
      }
    }
  }

  private void follow(final SyslogConnection connection) throws IOException {
    final Deque<Sent> unconfirmed = new ArrayDeque<>();
    LogCursor next = LogCursor.load(store, config.name());
    while (!stopped) {
      if (!connection.open()) {
        throw new IOException("the collector closed the connection");
      }
      final ByteBuf page = Unpooled.buffer();
      final LogCursor after = read(next, page);
      if (page.isReadable()) {
        connection.send(page);
        unconfirmed.addLast(new Sent(after, System.nanoTime()));
      } else {
        page.release();
        LockSupport.parkNanos(IDLE_NANOS);
      }
      next = after;
      confirm(unconfirmed);
    }
  }

  private void confirm(final Deque<Sent> unconfirmed) throws IOException {
    final long before = System.nanoTime() - 2 * TimeUnit.MILLISECONDS.toNanos(config.timeoutMs());
    Sent reached = null;
    while (!unconfirmed.isEmpty() && unconfirmed.peekFirst().nanos() - before < 0) {
      reached = unconfirmed.removeFirst();
    }
    if (reached != null) {
      reached.next().save(store, config.name());
    }
  }

  /** Appends frames from a place on; answers where the next ones begin. */
  private LogCursor read(final LogCursor from, final ByteBuf page) throws IOException {
    final List<String> shards = log.shards();
    LogCursor next = from;
    for (final String shard : shards) {
      if (shard.compareTo(next.shard()) < 0) {
        continue;
      }
      final LogCursor start = shard.equals(next.shard()) ? next : new LogCursor(shard, 0);
      final long[] end = {start.index()};
      log.forEachRecord(
          shard,
          start.index(),
          start.index() + PAGE_RECORDS_MAX,
          (index, record) -> {
            page.writeBytes(messages.frame(shard, index, record));
            end[0] = index + 1;
            sent++;
            return page.readableBytes() < PAGE_BYTES_MAX;
          });
      next = new LogCursor(shard, end[0]);
      if (page.isReadable()) {
        break;
      }
    }
    return next;
  }

  /** Stops following; the next start begins where everything had surely arrived. */
  @Override
  public void close() throws IOException {
    stopped = true;
    thread.interrupt();
    try {
      thread.join(STOP_MILLIS);
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(STOP_MILLIS);
    log.close();
  }
}
