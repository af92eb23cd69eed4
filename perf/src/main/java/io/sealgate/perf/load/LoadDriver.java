package io.sealgate.perf.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Sends chat calls over HTTP/1.1 connections that stay open, from one thread.
 *
 * <p>On a schedule, a call's latency counts from the moment it was due, whether or not a connection
 * was free then: a target that stalls is charged for every call that arrived meanwhile. One run at
 * a time.
 */
public final class LoadDriver implements AutoCloseable {
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final long CLOSE_TIMEOUT_MS = 5_000;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("load", true), EpollIoHandler.newFactory());

  /** Begins a run: connects, then warms up, then measures. */
  public LoadRun start(final LoadTarget target, final LoadPlan plan) {
    final LoadRun run = new LoadRun(plan);
    final EventLoop loop = group.next();
    loop.execute(() -> connect(loop, target, plan, run));
    return run;
  }

  /** A whole run, waited for. */
  public LoadResult run(final LoadTarget target, final LoadPlan plan)
      throws LoadException, InterruptedException {
    return start(target, plan).result();
  }

  @Override
  public void close() {
    group
        .shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_TIMEOUT_MS);
  }

  private static void connect(
      final EventLoop loop, final LoadTarget target, final LoadPlan plan, final LoadRun run) {
    final byte[] bytes = target.request();
    final ByteBuf request = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    final LoadGenerator generator = new LoadGenerator(loop, plan, run, request);
    final Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS);
    for (int i = 0; i < plan.connections(); i++) {
      final LoadConnection connection = generator.newConnection();
      final ChannelFuture connected =
          bootstrap.handler(pipeline(connection)).connect(target.address());
      connected.addListener(
          done -> {
            if (done.isSuccess()) {
              generator.connected(connection);
            } else {
              generator.abort(
                  new LoadException("cannot connect to " + target.address(), done.cause()));
            }
          });
    }
  }

  private static ChannelInitializer<Channel> pipeline(final LoadConnection connection) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(final Channel channel) {
        channel.pipeline().addLast(new HttpResponseDecoder()).addLast(connection);
      }
    };
  }
}
