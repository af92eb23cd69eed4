package io.sealgate.gateway.loopback;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.config.LoopbackConfig;
import io.sealgate.gateway.config.ModelPattern;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A provider in a box: an HTTP/1.1 server that answers {@code POST /v1/chat/completions} (JSON and
 * event stream) and {@code GET /v1/models} in the OpenAI forms. The same request gets the same
 * answer, byte for byte. Safe for use by several threads.
 */
public final class LoopbackModel implements AutoCloseable {
  /** Largest request body taken, in bytes; above the gateway's own default limit. */
  public static final int BODY_BYTES_MAX = 16 << 20;

  static final int CONNECTIONS_MAX = 8_192;
  private static final int BACKLOG = 1_024;
  private static final long CLOSE_TIMEOUT_MS = 5_000;

  private final EventLoopGroup loops;
  private final ChannelGroup connections =
      new DefaultChannelGroup("loopback-model", GlobalEventExecutor.INSTANCE);
  private final ReceivedBodies received;
  private final Channel listener;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Fault fault;

  /**
   * How the model behaves.
   *
   * @param models names and patterns answered for
   * @param delayMs pause before the head of an answer
   * @param tokenDelayMs pause before each piece of a stream
   * @param receivedLog file that gets each received body; made readable by its owner only
   * @param threads event loops; one serves tens of thousands of small requests a second
   */
  public record Options(
      List<ModelPattern> models,
      int delayMs,
      int tokenDelayMs,
      Optional<Path> receivedLog,
      int threads) {

    public Options {
      models = List.copyOf(models);
    }

    /** The model {@code loopback-1} and its faults, without pauses or log, on one thread. */
    public static Options defaults() {
      return of(GatewayConfig.defaults().loopback());
    }

    /** As configured, on one thread. */
    public static Options of(final LoopbackConfig config) {
      return new Options(
          config.models(), config.delayMs(), config.tokenDelayMs(), config.receivedLog(), 1);
    }
  }

  private LoopbackModel(final String host, final int port, final Options options)
      throws IOException {
    received = new ReceivedBodies(options.receivedLog());
    final boolean epoll = Epoll.isAvailable();
    final IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    loops =
        new MultiThreadIoEventLoopGroup(
            options.threads(), new DefaultThreadFactory("loopback-model", true), io);
    final Class<? extends ServerSocketChannel> type =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    final ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(final Channel channel) {
                    accept(channel, options);
                  }
                });
    try {
      listener = bootstrap.bind(host, port).syncUninterruptibly().channel();
    } catch (final RuntimeException | Error failure) {
      loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
      received.close();
      throw failure;
    }
  }

  /**
   * Starts a model; it is ready when this returns.
   *
   * @param port zero takes a free one
   * @throws IOException when the address cannot be bound or the received log cannot be opened
   */
  public static LoopbackModel start(final String host, final int port, final Options options)
      throws IOException {
    return new LoopbackModel(host, port, options);
  }

  /** The port listened on. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Makes every request from now on go wrong in this way, whatever its model. */
  public void misbehave(final Fault standing) {
    fault = standing;
  }

  /** Ends {@link #misbehave}. */
  public void behave() {
    fault = null;
  }

  /** The last bodies received, oldest first: 1,000 and 16 MiB at most. */
  public List<Received> received() {
    return received.all();
  }

  /** Bodies received since the start. */
  public long receivedCount() {
    return received.count();
  }

  /** Connections open now. */
  public int connectionCount() {
    return connections.size();
  }

  /** Stops listening and closes every connection, answered or not. Once is enough. */
  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    listener.close().syncUninterruptibly();
    connections.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    loops
        .shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    received.close();
  }

  /** The fault of all requests, if any. */
  Optional<Fault> fault() {
    return Optional.ofNullable(fault);
  }

  private void accept(final Channel channel, final Options options) {
    if (fault == Fault.REFUSE || connections.size() >= CONNECTIONS_MAX) {
      LoopbackHandler.reset(channel);
      return;
    }
    connections.add(channel);
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(BODY_BYTES_MAX, true))
        .addLast(new LoopbackHandler(options, received, this::fault));
  }
}
