package io.sealgate.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.sealgate.gateway.upstream.UpstreamFailure.Kind;

/**
 * One keep-alive connection to a provider. Carries one exchange at a time, never pipelined, and
 * goes back to its pool only after a complete, well-framed answer.
 */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
  private static final AsciiString JSON = AsciiString.cached("application/json");
  private static final AsciiString EVENTS = AsciiString.cached("text/event-stream");
  private static final AsciiString AGENT = AsciiString.cached("sealgate");

  private enum State {
    IDLE,
    WAITING_FOR_HEAD,
    READING_BODY,
    CLOSED
  }

  private final UpstreamPool pool;
  private State state = State.IDLE;
  private Channel channel;
  private UpstreamListener listener;
  private boolean reused;
  private boolean keepAlive;
  private boolean informational;

  UpstreamConnection(final UpstreamPool pool) {
    this.pool = pool;
  }

  @Override
  public void handlerAdded(final ChannelHandlerContext ctx) {
    channel = ctx.channel();
  }

  void send(final UpstreamRequest request, final UpstreamListener receiver) {
    listener = receiver;
    state = State.WAITING_FOR_HEAD;
    final Upstream upstream = pool.upstream();
    final DefaultFullHttpRequest message =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            upstream.path() + request.path(),
            request.body(),
            pool.headersFactory(),
            pool.headersFactory());
    final HttpHeaders headers = message.headers();
    headers.set(HttpHeaderNames.HOST, upstream.hostHeader());
    headers.set(HttpHeaderNames.CONTENT_TYPE, JSON);
    headers.set(HttpHeaderNames.CONTENT_LENGTH, request.body().readableBytes());
    headers.set(HttpHeaderNames.ACCEPT, request.stream() ? EVENTS : JSON);
    headers.set(HttpHeaderNames.ACCEPT_ENCODING, "identity");
    headers.set(HttpHeaderNames.USER_AGENT, AGENT);
    if (upstream.authorization() != null) {
      headers.set(HttpHeaderNames.AUTHORIZATION, upstream.authorization());
    }
    channel.config().setAutoRead(true);
    channel.writeAndFlush(message, channel.voidPromise());
  }

  /** Stops or resumes reading for the exchange that is on this connection, if it still is. */
  void read(final UpstreamListener owner, final boolean wanted) {
    if (listener == owner) {
      channel.config().setAutoRead(wanted);
    }
  }

  /** Gives the exchange up, if it is still on this connection, which cannot be used again. */
  void cancel(final UpstreamListener owner) {
    if (listener == owner) {
      listener = null;
      state = State.CLOSED;
      channel.close();
    }
  }

  void markReused() {
    reused = true;
  }

  boolean isUsable() {
    return state == State.IDLE && channel.isActive();
  }

  void close() {
    channel.close();
  }

  @Override
  public void channelRead(final ChannelHandlerContext ctx, final Object message) {
    try {
      if (message instanceof HttpObject object && object.decoderResult().isFailure()) {
        fail(Kind.MALFORMED, false);
        return;
      }
      if (message instanceof HttpResponse response) {
        onResponse(response);
      }
      if (message instanceof HttpContent content) {
        onContent(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void onResponse(final HttpResponse response) {
    if (state != State.WAITING_FOR_HEAD) {
      fail(Kind.MALFORMED, false);
      return;
    }
    final int status = response.status().code();
    informational = status < 200;
    if (informational) {
      return;
    }
    state = State.READING_BODY;
    // A body that ends with the connection is complete only by the peer's good will: never reuse.
    keepAlive =
        HttpUtil.isKeepAlive(response)
            && (HttpUtil.isContentLengthSet(response)
                || HttpUtil.isTransferEncodingChunked(response));
    listener.onHead(status, response.headers());
  }

  private void onContent(final HttpContent content) {
    if (informational || state != State.READING_BODY) {
      return;
    }
    final ByteBuf bytes = content.content();
    if (bytes.isReadable()) {
      listener.onBody(bytes);
    }
    if (content instanceof LastHttpContent && state == State.READING_BODY) {
      final UpstreamListener done = listener;
      listener = null;
      if (keepAlive) {
        state = State.IDLE;
        pool.release(this);
      } else {
        state = State.CLOSED;
        channel.close();
      }
      done.onEnd();
    }
  }

  private void fail(final Kind kind, final boolean retrySafe) {
    final UpstreamListener failed = listener;
    listener = null;
    state = State.CLOSED;
    channel.close();
    if (failed != null) {
      failed.onFailure(new UpstreamFailure(kind, retrySafe));
    }
  }

  @Override
  public void channelInactive(final ChannelHandlerContext ctx) {
    // A reused connection that dies before any answer was most likely closed while it was idle.
    fail(state == State.READING_BODY ? Kind.CUT : Kind.CLOSED, reused);
    pool.closed(this);
  }

  @Override
  public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
    // The kernel's error (reset, broken pipe) ends the exchange like a close does.
    fail(state == State.READING_BODY ? Kind.CUT : Kind.CLOSED, reused);
  }
}
