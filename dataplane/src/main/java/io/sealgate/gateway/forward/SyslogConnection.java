package io.sealgate.gateway.forward;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.sealgate.gateway.net.Transport;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;

/**
 * One connection to a collector. Syslog has no acknowledgements, so TCP's stand in for them: a
 * connection whose bytes are not acknowledged within the timeout is closed by the kernel.
 */
final class SyslogConnection implements AutoCloseable {
  private final Channel channel;
  private final long timeoutMillis;
  private final String address;

  private SyslogConnection(final Channel channel, final long timeoutMillis, final String address) {
    this.channel = channel;
    this.timeoutMillis = timeoutMillis;
    this.address = address;
  }

  /** Connects and shakes hands; the certificate must be the host's. */
  static SyslogConnection open(
      final EventLoopGroup loop,
      final Transport transport,
      final SslContext tls,
      final String host,
      final int port,
      final int timeoutMillis)
      throws IOException {
    final String address = host + ":" + port;
    final Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(transport.channel())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(userTimeout(transport), timeoutMillis)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(final Channel opened) {
                    opened.pipeline().addLast(handler(tls, opened, host, port, timeoutMillis));
                    opened.pipeline().addLast(new Silence());
                  }
                });
    final ChannelFuture connected = bootstrap.connect(host, port);
    await(connected, timeoutMillis, address, "connect to");
    final SyslogConnection connection =
        new SyslogConnection(connected.channel(), timeoutMillis, address);
    try {
      await(
          connected.channel().pipeline().get(SslHandler.class).handshakeFuture(),
          timeoutMillis,
          address,
          "agree on TLS with");
      return connection;
    } catch (final IOException e) {
      connection.close();
      throw e;
    }
  }

  private static ChannelOption<Integer> userTimeout(final Transport transport) {
    return transport == Transport.IO_URING
        ? IoUringChannelOption.TCP_USER_TIMEOUT
        : EpollChannelOption.TCP_USER_TIMEOUT;
  }

  private static SslHandler handler(
      final SslContext tls,
      final Channel channel,
      final String host,
      final int port,
      final int timeoutMillis) {
    final SslHandler handler = tls.newHandler(channel.alloc(), host, port);
    final SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    handler.engine().setSSLParameters(parameters);
    handler.setHandshakeTimeoutMillis(timeoutMillis);
    return handler;
  }

  /** Hands bytes to the kernel; takes over the buffer. */
  void send(final ByteBuf bytes) throws IOException {
    await(channel.writeAndFlush(bytes), timeoutMillis, address, "send to");
  }

  /** Whether neither side has closed it so far. */
  boolean open() {
    return channel.isActive();
  }

  private static void await(
      final io.netty.util.concurrent.Future<?> future,
      final long timeoutMillis,
      final String address,
      final String what)
      throws IOException {
    try {
      if (!future.await(timeoutMillis, TimeUnit.MILLISECONDS)) {
        future.cancel(false);
        throw new IOException(
            "cannot " + what + " " + address + " within " + timeoutMillis + " ms");
      }
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (!future.isSuccess()) {
      throw new IOException(
          "cannot " + what + " " + address + ": " + future.cause().getMessage(), future.cause());
    }
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly(timeoutMillis);
  }

  /** A collector has nothing to say; what it does say is dropped. */
  private static final class Silence extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(final ChannelHandlerContext context, final ByteBuf bytes) {
      // Read only so that the end of the connection is seen.
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
      context.close();
    }
  }
}
