package io.sealgate.gateway.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.sealgate.gateway.net.Transport;
import io.sealgate.gateway.upstream.UpstreamFailure.Kind;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLParameters;

/**
 * The connections of one event loop to one provider. Confined to that loop: no locks, and a call
 * never leaves its core. Idle connections are taken last-in first-out, so that few stay warm.
 */
public final class UpstreamPool {
  private final Upstream upstream;
  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final int connectionsMax;
  private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
  private final Set<UpstreamConnection> open = new HashSet<>();
  private final ArrayDeque<UpstreamCall> waiting = new ArrayDeque<>();
  private int connecting;
  private boolean closed;

  /**
   * @param connectionsMax this loop's share of the upstream's connections, at least 1; as many
   *     calls again may wait for one
   */
  public UpstreamPool(
      final Upstream upstream,
      final EventLoop loop,
      final Transport transport,
      final AddressResolverGroup<InetSocketAddress> resolver,
      final int connectionsMax) {
    this.upstream = upstream;
    this.loop = loop;
    this.connectionsMax = connectionsMax;
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(transport.channel())
            .resolver(resolver)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, upstream.config().connectTimeoutMs())
            .remoteAddress(InetSocketAddress.createUnresolved(upstream.host(), upstream.port()));
  }

  Upstream upstream() {
    return upstream;
  }

  HttpHeadersFactory headersFactory() {
    return DefaultHttpHeadersFactory.headersFactory();
  }

  /**
   * Sends a request on an idle connection, a new one, or the next that becomes free.
   *
   * @return the exchange, which may be cancelled; the listener is not called before this returns
   */
  public UpstreamCall send(final UpstreamRequest request, final UpstreamListener listener) {
    final UpstreamCall call = new UpstreamCall(this, request, listener);
    UpstreamConnection connection = idle.pollLast();
    while (connection != null && !connection.isUsable()) {
      connection = idle.pollLast();
    }
    if (connection != null) {
      connection.markReused();
      call.start(connection);
    } else if (open.size() + connecting < connectionsMax) {
      connect(call);
    } else if (waiting.size() < connectionsMax) {
      waiting.addLast(call);
    } else {
      loop.execute(() -> call.refuse(new UpstreamFailure(Kind.BUSY, true)));
    }
    return call;
  }

  private void connect(final UpstreamCall call) {
    connecting++;
    final UpstreamConnection connection = new UpstreamConnection(this);
    final ChannelFuture connect = bootstrap.clone().handler(new Initializer(connection)).connect();
    connect.addListener(
        future -> {
          final SslHandler tls = connect.channel().pipeline().get(SslHandler.class);
          if (future.isSuccess() && tls != null) {
            tls.handshakeFuture().addListener(done -> connected(done, connection, call));
          } else {
            connected(future, connection, call);
          }
        });
  }

  private void connected(
      final Future<?> outcome, final UpstreamConnection connection, final UpstreamCall call) {
    connecting--;
    if (!outcome.isSuccess() || closed) {
      connection.close();
      call.refuse(new UpstreamFailure(Kind.CONNECT, true));
      serveNext();
      return;
    }
    open.add(connection);
    if (call.isCancelled()) {
      release(connection);
    } else {
      call.start(connection);
    }
  }

  /** A complete answer was read; the connection may carry the next call. */
  void release(final UpstreamConnection connection) {
    if (closed) {
      connection.close();
      return;
    }
    UpstreamCall next = waiting.pollFirst();
    while (next != null && next.isCancelled()) {
      next = waiting.pollFirst();
    }
    if (next == null) {
      idle.addLast(connection);
    } else {
      connection.markReused();
      next.start(connection);
    }
  }

  void closed(final UpstreamConnection connection) {
    if (open.remove(connection)) {
      idle.remove(connection);
      serveNext();
    }
  }

  private void serveNext() {
    UpstreamCall next = waiting.pollFirst();
    while (next != null && next.isCancelled()) {
      next = waiting.pollFirst();
    }
    if (next != null && !closed) {
      connect(next);
    }
  }

  void forget(final UpstreamCall call) {
    waiting.remove(call);
  }

  /** Connections that are open now. */
  public int openConnections() {
    return open.size();
  }

  /** Closes every connection; exchanges in progress fail. */
  public void close() {
    closed = true;
    idle.clear();
    for (final UpstreamConnection connection : Set.copyOf(open)) {
      connection.close();
    }
  }

  /** Builds the pipeline of one connection; with TLS, hands over after the handshake. */
  private final class Initializer extends ChannelInitializer<Channel> {
    private final UpstreamConnection connection;

    Initializer(final UpstreamConnection connection) {
      this.connection = connection;
    }

    @Override
    protected void initChannel(final Channel channel) {
      if (upstream.tls() != null) {
        final SslHandler tls =
            upstream.tls().newHandler(channel.alloc(), upstream.host(), upstream.port());
        final SSLParameters parameters = tls.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.engine().setSSLParameters(parameters);
        tls.setHandshakeTimeoutMillis(upstream.config().connectTimeoutMs());
        channel.pipeline().addLast(tls);
      }
      channel
          .pipeline()
          .addLast(new HttpClientCodec(new HttpDecoderConfig(), false, true))
          .addLast(connection);
    }
  }
}
