package io.sealgate.gateway.call;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.sealgate.gateway.config.LimitsConfig;
import io.sealgate.gateway.net.PinnedLoop;
import io.sealgate.gateway.net.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The listeners of one port: one on each event loop, sharing the port with {@code SO_REUSEPORT}.
 * Clear text or TLS; HTTP/1.1 or HTTP/2 (by ALPN, or by prior knowledge in clear text).
 */
public final class CallServer {
  private static final int BACKLOG = 4096;

  /** What a peer may ask for before it has shown good will (CVE-2023-44487, CVE-2025-55163). */
  private static final int RESETS_PER_WINDOW_MAX = 50;

  private static final int RESET_WINDOW_SECONDS = 30;
  private static final int CONTROL_FRAMES_QUEUED_MAX = 1_000;

  private final AddressCounts addresses;
  private final LimitsConfig limits;
  private final SslContext tls;

  /**
   * @param tls null for clear text
   */
  public CallServer(
      final LimitsConfig limits, final AddressCounts addresses, final SslContext tls) {
    this.limits = limits;
    this.addresses = addresses;
    this.tls = tls;
  }

  /**
   * Opens one listener on a loop.
   *
   * @param address where; port 0 takes a free port, which the next loops must then be given
   * @throws IOException when the port cannot be had
   */
  public Channel listen(
      final InetSocketAddress address,
      final PinnedLoop loop,
      final Transport transport,
      final Worker worker)
      throws IOException {
    final ChannelFuture bound =
        new ServerBootstrap()
            .group(loop.group())
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(UnixChannelOption.SO_REUSEPORT, true)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Connection(worker))
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + " ("
              + bound.cause().getMessage()
              + "); stop what uses the port, or set another in 'listen'",
          bound.cause());
    }
    return bound.channel();
  }

  /** Builds the pipeline of an accepted connection. */
  private final class Connection extends ChannelInitializer<Channel> {
    private final Worker worker;

    Connection(final Worker worker) {
      this.worker = worker;
    }

    @Override
    protected void initChannel(final Channel channel) {
      if (!addresses.admit(channel, limits.connectionsPerAddressMax())) {
        channel.close();
        return;
      }
      if (tls == null) {
        channel.pipeline().addLast(new ClearText(worker));
        return;
      }
      final SslHandler handler = tls.newHandler(channel.alloc());
      handler.setHandshakeTimeoutMillis(limits.handshakeTimeoutMs());
      channel.pipeline().addLast(handler).addLast(new Negotiated(worker));
    }
  }

  private final class Negotiated extends ApplicationProtocolNegotiationHandler {
    private final Worker worker;

    Negotiated(final Worker worker) {
      super(ApplicationProtocolNames.HTTP_1_1);
      this.worker = worker;
    }

    @Override
    protected void configurePipeline(final ChannelHandlerContext ctx, final String protocol) {
      if (ApplicationProtocolNames.HTTP_2.equals(protocol)) {
        http2(ctx.pipeline(), worker);
      } else {
        http1(ctx.pipeline(), worker);
      }
    }

    @Override
    protected void handshakeFailure(final ChannelHandlerContext ctx, final Throwable cause) {
      // A peer that cannot speak TLS 1.3 with us has already been told so by the TLS alert.
      ctx.close();
    }
  }

  /** Tells HTTP/2 with prior knowledge (RFC 9113 section 3.4) from HTTP/1.1 by the first bytes. */
  private final class ClearText extends ByteToMessageDecoder {
    private static final byte[] PREFACE = "PRI * HTTP/2.0".getBytes(StandardCharsets.US_ASCII);
    private final Worker worker;

    ClearText(final Worker worker) {
      this.worker = worker;
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext ctx) {
      ctx.executor()
          .schedule(
              () -> {
                if (!ctx.isRemoved()) {
                  ctx.close();
                }
              },
              limits.headerTimeoutMs(),
              TimeUnit.MILLISECONDS);
    }

    @Override
    protected void decode(
        final ChannelHandlerContext ctx, final ByteBuf in, final List<Object> out) {
      final int compared = Math.min(in.readableBytes(), PREFACE.length);
      for (int i = 0; i < compared; i++) {
        if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
          http1(ctx.pipeline(), worker);
          ctx.pipeline().remove(this);
          return;
        }
      }
      if (compared == PREFACE.length) {
        http2(ctx.pipeline(), worker);
        ctx.pipeline().remove(this);
      }
    }
  }

  private void http1(final ChannelPipeline pipeline, final Worker worker) {
    pipeline
        .addLast(
            new HttpServerCodec(
                new HttpDecoderConfig()
                    .setMaxInitialLineLength(4096)
                    .setMaxHeaderSize(limits.headerBytesMax())))
        .addLast(new CallerChannel(worker, false));
  }

  private void http2(final ChannelPipeline pipeline, final Worker worker) {
    pipeline
        .addLast(new IdleStateHandler(0, 0, limits.idleTimeoutMs(), TimeUnit.MILLISECONDS))
        .addLast(
            Http2FrameCodecBuilder.forServer()
                .validateHeaders(true)
                .validateRequiredPseudoHeaders(true)
                .decoderEnforceMaxRstFramesPerWindow(RESETS_PER_WINDOW_MAX, RESET_WINDOW_SECONDS)
                .encoderEnforceMaxRstFramesPerWindow(RESETS_PER_WINDOW_MAX, RESET_WINDOW_SECONDS)
                .encoderEnforceMaxQueuedControlFrames(CONTROL_FRAMES_QUEUED_MAX)
                .initialSettings(
                    Http2Settings.defaultSettings()
                        .maxConcurrentStreams(limits.http2StreamsMax())
                        .maxHeaderListSize(limits.headerBytesMax()))
                .build())
        .addLast(
            new Http2MultiplexHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(final Channel stream) {
                    stream
                        .pipeline()
                        .addLast(new Http2StreamFrameToHttpObjectCodec(true))
                        .addLast(new CallerChannel(worker, true));
                  }
                }))
        .addLast(new Http2Idle());
  }

  /** Closes an HTTP/2 connection that carries nothing in either direction. */
  private static final class Http2Idle extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(final ChannelHandlerContext ctx, final Object event) {
      if (event instanceof IdleStateEvent) {
        ctx.close();
      } else {
        ctx.fireUserEventTriggered(event);
      }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
      ctx.close();
    }
  }
}
