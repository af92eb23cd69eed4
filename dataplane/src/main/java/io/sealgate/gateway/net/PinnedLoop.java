package io.sealgate.gateway.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** One event loop on one core: a group of exactly one thread, which never leaves its core. */
public final class PinnedLoop {
  private final EventLoopGroup group;
  private final int core;

  private PinnedLoop(final EventLoopGroup group, final int core) {
    this.group = group;
    this.core = core;
  }

  /**
   * Starts the loop's thread and pins it.
   *
   * @throws IOException when the transport is missing or the core cannot be had
   */
  public static PinnedLoop start(final Transport transport, final int core) throws IOException {
    transport.requireAvailable();
    final EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("sealgate-loop-" + core), transport.ioHandlerFactory());
    final PinnedLoop loop = new PinnedLoop(group, core);
    final Future<?> pinned =
        group
            .next()
            .submit(
                () -> {
                  Affinity.pinCurrentThread(core);
                  return null;
                });
    if (!pinned.awaitUninterruptibly(10, TimeUnit.SECONDS) || !pinned.isSuccess()) {
      loop.stop();
      throw pinned.cause() instanceof IOException e
          ? e
          : new IOException("the event loop of core " + core + " did not start", pinned.cause());
    }
    return loop;
  }

  /** The group of one, for a bootstrap. */
  public EventLoopGroup group() {
    return group;
  }

  /** The loop itself. */
  public EventLoop loop() {
    return group.next();
  }

  /** The core that the loop runs on. */
  public int core() {
    return core;
  }

  /** Stops the loop; its channels are closed. Waits for the thread to end. */
  public void stop() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
  }
}
