package io.sealgate.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UpstreamTlsTest {
  @TempDir Path dir;

  @Test
  void shouldConnectWhenServerIsOfTheGivenIssuer() throws Exception {
    final SslContext server = ServerTls.create(TlsFiles.development(), dir);
    final SslContext client = UpstreamTls.client(Optional.of(dir.resolve("tls/development.pem")));
    assertNull(handshake(server, client, "localhost"));
  }

  @Test
  void shouldRefuseServerWhenItsNameIsAnother() throws Exception {
    final SslContext server = ServerTls.create(TlsFiles.development(), dir);
    final SslContext client = UpstreamTls.client(Optional.of(dir.resolve("tls/development.pem")));
    assertInstanceOf(SSLException.class, handshake(server, client, "elsewhere.example"));
  }

  @Test
  void shouldRefuseServerWhenOnlyTheJdksIssuersAreTrusted() throws Exception {
    final SslContext server = ServerTls.create(TlsFiles.development(), dir);
    assertInstanceOf(
        SSLException.class, handshake(server, UpstreamTls.client(Optional.empty()), "localhost"));
  }

  @Test
  void shouldOfferTls12And13WhenMade() throws Exception {
    final var engine =
        UpstreamTls.client(Optional.empty())
            .newEngine(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT);
    try {
      final var protocols = java.util.List.of(engine.getEnabledProtocols());
      assertTrue(protocols.containsAll(java.util.List.of("TLSv1.3", "TLSv1.2")));
      assertFalse(protocols.contains("TLSv1.1"));
    } finally {
      io.netty.util.ReferenceCountUtil.release(engine);
    }
  }

  @Test
  void shouldNameFileWhenBundleHoldsNoCertificate() throws Exception {
    final Path bundle = Files.writeString(dir.resolve("ca.pem"), "");
    final String said =
        assertThrows(IOException.class, () -> UpstreamTls.client(Optional.of(bundle))).getMessage();
    assertEquals(
        "tls-ca " + bundle + " holds no certificate; it must have BEGIN CERTIFICATE blocks", said);
  }

  /** The handshake's failure, or null. */
  private static Throwable handshake(
      final SslContext server, final SslContext client, final String host) {
    final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (TlsServer listening = new TlsServer(server)) {
      final Channel channel =
          new Bootstrap()
              .group(group)
              .channel(NioSocketChannel.class)
              .handler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(final SocketChannel made) {
                      final SslHandler handler = client.newHandler(made.alloc(), host, 443);
                      final var parameters = handler.engine().getSSLParameters();
                      parameters.setEndpointIdentificationAlgorithm("HTTPS");
                      handler.engine().setSSLParameters(parameters);
                      made.pipeline().addLast(handler);
                    }
                  })
              .connect(listening.address())
              .syncUninterruptibly()
              .channel();
      final Future<Channel> done =
          channel.pipeline().get(SslHandler.class).handshakeFuture().awaitUninterruptibly();
      channel.close().syncUninterruptibly();
      return done.cause();
    } finally {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }
}
