package io.sealgate.gateway.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A server on a free port that says one line on every TLS connection, and its JDK client. */
final class TlsServer implements AutoCloseable {
  static final String GREETING = "sealed";
  private static final int TIMEOUT_MS = 20_000;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final InetSocketAddress address;

  TlsServer(final SslContext context) {
    address =
        (InetSocketAddress)
            new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(
                    new ChannelInitializer<SocketChannel>() {
                      @Override
                      protected void initChannel(final SocketChannel channel) {
                        channel.pipeline().addLast(context.newHandler(channel.alloc()));
                        channel.pipeline().addLast(new Greeter());
                      }
                    })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel()
                .localAddress();
  }

  InetSocketAddress address() {
    return address;
  }

  /** Shakes hands as {@code host}, verifies the name, reads the greeting. */
  Session connect(final SSLContext client, final String host, final String... protocols)
      throws IOException {
    try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getByName("127.0.0.1"), address.getPort()), TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      return greet(client, socket, host, protocols);
    }
  }

  private static Session greet(
      final SSLContext client, final SSLSocket plain, final String host, final String... protocols)
      throws IOException {
    final SSLParameters parameters = plain.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setServerNames(List.of(new javax.net.ssl.SNIHostName(host)));
    parameters.setApplicationProtocols(new String[] {"http/1.1", "h2"});
    parameters.setProtocols(protocols);
    plain.setSSLParameters(parameters);
    plain.startHandshake();
    final String said =
        new String(plain.getInputStream().readNBytes(GREETING.length()), StandardCharsets.UTF_8);
    return new Session(said, plain.getSession().getProtocol(), plain.getApplicationProtocol());
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** What the client saw. */
  record Session(String said, String protocol, String application) {}

  private static final class Greeter extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(final ChannelHandlerContext context, final Object event) {
      if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
        context.writeAndFlush(Unpooled.copiedBuffer(GREETING, StandardCharsets.UTF_8));
      }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
      // The client sees the refusal, and asserts on it.
      context.close();
    }
  }
}
