package io.sealgate.gateway.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import io.sealgate.gateway.problem.Problem;
import java.util.ArrayDeque;

/**
 * The caller's side of its calls: one HTTP/1.1 connection, or one HTTP/2 stream. Collects a
 * request, hands it to the pipeline, writes the answer, then takes the next. Requests that arrive
 * meanwhile wait, and reading stops. Confined to its event loop.
 */
final class CallerChannel extends ChannelInboundHandlerAdapter {
  /** How much of a refused request's body is read and dropped so that the answer gets through. */
  private static final int DRAIN_BYTES_MAX = 1 << 20;

  private static final int QUEUED_OBJECTS_MAX = 256;

  /** Where the channel is in its cycle. */
  private enum State {
    /** Between calls. */
    IDLE,
    /** A head was read; its body is arriving. */
    READING,
    /** The call is in the pipeline. */
    BUSY,
    /** Refused before its body was read: the rest is dropped, then the channel closes. */
    DRAINING,
    CLOSED
  }

  private final Worker worker;
  private final boolean http2;
  private final ArrayDeque<Object> queued = new ArrayDeque<>(4);
  private final CallerDeadline deadline = new CallerDeadline();
  private State state = State.IDLE;
  private ChannelHandlerContext context;
  private Exchange exchange;
  private boolean closeAfterAnswer;
  private boolean answered;
  private boolean requestComplete;
  private boolean decodedSinceRead;
  private int drainedBytes;
  private String lastAuthorization;
  private Authentication lastAuthentication;

  /** This channel's place in the worker's list, kept by {@link Worker}. */
  int slot = -1;

  CallerChannel(final Worker worker, final boolean http2) {
    this.worker = worker;
    this.http2 = http2;
  }

  Channel channel() {
    return context.channel();
  }

  boolean busy() {
    return exchange != null;
  }

  @Override
  public void handlerAdded(final ChannelHandlerContext ctx) {
    context = ctx;
    worker.add(this);
    deadline.idle(worker.limits());
  }

  @Override
  public void channelRead(final ChannelHandlerContext ctx, final Object message) {
    decodedSinceRead = true;
    if (state == State.BUSY && exchange != null) {
      if (queued.size() >= QUEUED_OBJECTS_MAX) {
        ReferenceCountUtil.release(message);
        ctx.close();
        return;
      }
      queued.addLast(message);
      ctx.channel().config().setAutoRead(false);
      return;
    }
    handle(message);
  }

  @Override
  public void channelReadComplete(final ChannelHandlerContext ctx) {
    if (state == State.IDLE && !decodedSinceRead && !http2) {
      deadline.headerBytesArrived(worker.limits());
    }
    decodedSinceRead = false;
    ctx.fireChannelReadComplete();
  }

  private void handle(final Object message) {
    try {
      if (!(message instanceof HttpObject object) || state == State.CLOSED) {
        return;
      }
      if (state == State.DRAINING) {
        drain(object);
      } else if (object.decoderResult().isFailure()) {
        refuseUndecodable(object);
      } else {
        if (object instanceof HttpRequest head) {
          onHead(head);
        }
        if (object instanceof HttpContent content && state == State.READING) {
          onContent(content);
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void refuseUndecodable(final HttpObject object) {
    if (exchange == null) {
      begin(Route.UNKNOWN);
    }
    refuse(HttpRules.undecodable(object.decoderResult()));
  }

  private void begin(final Route route) {
    exchange = worker.begin(this, route);
    answered = false;
    requestComplete = false;
    closeAfterAnswer = false;
  }

  private void onHead(final HttpRequest head) {
    final Route route = Route.of(head.uri());
    begin(route);
    closeAfterAnswer = !http2 && !HttpUtil.isKeepAlive(head);
    state = State.READING;
    deadline.bodyProgress(worker.limits());
    exchange.authentication = authenticate(head.headers());
    Problem problem = HttpRules.check(head, http2, worker.limits());
    if (problem == null) {
      problem = worker.pipeline().admit(exchange, head.method());
    }
    if (problem != null) {
      refuse(problem);
      return;
    }
    exchange.expectBody((int) HttpUtil.getContentLength(head, 0L));
    if (HttpUtil.is100ContinueExpected(head)) {
      context.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  /** A connection keeps its key for its life: the hash is computed once, not once a call. */
  private Authentication authenticate(final HttpHeaders headers) {
    final String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
    if (lastAuthentication == null
        || !lastAuthentication.isCurrent(worker.apiKeys())
        || authorization == null
        || !authorization.equals(lastAuthorization)) {
      lastAuthentication = Authentication.of(authorization, worker.apiKeys());
      lastAuthorization = authorization;
    }
    return lastAuthentication;
  }

  private void onContent(final HttpContent content) {
    deadline.bodyProgress(worker.limits());
    if (!exchange.addBody(content.content(), worker.limits().bodyBytesMax())) {
      refuse(HttpRules.tooLarge(worker.limits()));
      return;
    }
    if (content instanceof LastHttpContent) {
      requestComplete = true;
      state = State.BUSY;
      deadline.none();
      worker.pipeline().run(exchange);
    }
  }

  /** Seals and answers a refusal before the whole request was read. */
  private void refuse(final Problem problem) {
    closeAfterAnswer = true;
    state = State.BUSY;
    deadline.none();
    worker.pipeline().refuse(exchange, problem);
  }

  private void drain(final HttpObject object) {
    if (object instanceof HttpContent content) {
      drainedBytes += content.content().readableBytes();
      if (content instanceof LastHttpContent || drainedBytes > DRAIN_BYTES_MAX) {
        closeWhenWritten();
        return;
      }
    }
    if (object.decoderResult().isFailure()) {
      closeWhenWritten();
    }
  }

  private void closeWhenWritten() {
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Writes a whole answer and ends the call. The body's reference is taken over. */
  void answer(
      final Exchange of, final int status, final CharSequence contentType, final ByteBuf body) {
    if (exchange != of || answered || state == State.CLOSED) {
      body.release();
      return;
    }
    final FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    of.describe(response.headers());
    writeLast(response);
  }

  /** Writes the head of a streamed answer. */
  void beginStream(final Exchange of, final int status, final CharSequence contentType) {
    if (exchange != of || state == State.CLOSED) {
      return;
    }
    final HttpResponse head =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    head.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    if (!http2) {
      HttpUtil.setTransferEncodingChunked(head, true);
    }
    of.describe(head.headers());
    markClosing(head);
    context.write(head, context.voidPromise());
  }

  /** Writes part of a streamed answer; takes over the reference. */
  void stream(final Exchange of, final ByteBuf bytes) {
    if (exchange != of || state == State.CLOSED) {
      bytes.release();
      return;
    }
    context.writeAndFlush(new DefaultHttpContent(bytes), context.voidPromise());
  }

  /** Writes the last part of a streamed answer and ends the call. */
  void endStream(final Exchange of, final ByteBuf bytes) {
    if (exchange != of || answered || state == State.CLOSED) {
      bytes.release();
      return;
    }
    writeLast(new DefaultLastHttpContent(bytes));
  }

  /** Ends a streamed answer so that the caller sees that it is incomplete. */
  void abortStream(final Exchange of, final ByteBuf lastWords) {
    if (exchange != of || state == State.CLOSED) {
      lastWords.release();
      return;
    }
    context
        .writeAndFlush(new DefaultHttpContent(lastWords))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void markClosing(final HttpResponse head) {
    closeAfterAnswer |= worker.draining();
    if (closeAfterAnswer && !http2) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  private void writeLast(final HttpObject message) {
    answered = true;
    if (message instanceof HttpResponse head) {
      markClosing(head);
    }
    final boolean complete = requestComplete;
    final boolean closing = closeAfterAnswer;
    if (closing && complete && !http2) {
      context.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE);
    } else {
      context.writeAndFlush(message, context.voidPromise());
    }
    finish();
    if (!complete) {
      startDraining();
    } else if (closing) {
      // What the caller still sends is not read as another call.
      state = State.DRAINING;
      deadline.drain();
    } else {
      next();
    }
  }

  private void startDraining() {
    if (http2) {
      // RFC 9113 section 8.1: the answer is complete, the rest of the request is not wanted.
      context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
      return;
    }
    state = State.DRAINING;
    drainedBytes = 0;
    deadline.drain();
    while (state == State.DRAINING && !queued.isEmpty()) {
      // The end of the refused request may be here already; then there is nothing to wait for.
      handle(queued.pollFirst());
    }
    context.channel().config().setAutoRead(true);
  }

  private void finish() {
    final Exchange done = exchange;
    exchange = null;
    if (done != null) {
      worker.end(done);
    }
  }

  private void next() {
    state = State.IDLE;
    deadline.idle(worker.limits());
    while (!queued.isEmpty() && exchange == null || state == State.READING && !queued.isEmpty()) {
      handle(queued.pollFirst());
    }
    if (queued.isEmpty() && state != State.CLOSED) {
      context.channel().config().setAutoRead(true);
    }
  }

  /** Whether more of a streamed answer should be written now. */
  boolean isWritable() {
    return context.channel().isWritable();
  }

  @Override
  public void channelWritabilityChanged(final ChannelHandlerContext ctx) {
    if (exchange != null) {
      exchange.callerWritable(ctx.channel().isWritable());
    }
    ctx.fireChannelWritabilityChanged();
  }

  /** Called about every 50 ms by the worker. */
  void tick(final long nowNanos) {
    if (exchange != null && state == State.BUSY) {
      exchange.tick(nowNanos);
    }
    if (!deadline.passed(nowNanos)) {
      return;
    }
    switch (state) {
      case READING ->
          refuse(Problem.caller(408, "request_timeout", "the body did not arrive in time"));
      case IDLE -> {
        if (deadline.waitsForHeader()) {
          begin(Route.UNKNOWN);
          refuse(Problem.caller(408, "request_timeout", "the header did not arrive in time"));
        } else {
          context.close();
        }
      }
      case BUSY, DRAINING, CLOSED -> context.close();
    }
  }

  /** Closes the channel if no call is on it; otherwise after the answer. */
  void drainForStop() {
    closeAfterAnswer = true;
    if (exchange == null) {
      context.close();
    }
  }

  @Override
  public void channelInactive(final ChannelHandlerContext ctx) {
    close();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(final ChannelHandlerContext ctx) {
    close();
  }

  private void close() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    releaseQueue();
    worker.remove(this);
    if (exchange != null) {
      final Exchange abandoned = exchange;
      exchange = null;
      abandoned.callerGone();
      worker.end(abandoned);
    }
  }

  private void releaseQueue() {
    while (!queued.isEmpty()) {
      ReferenceCountUtil.release(queued.pollFirst());
    }
  }

  @Override
  public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
    if (http2) {
      // The multiplexer turns stream errors into the right reset code; closing here would hide it.
      ctx.fireExceptionCaught(cause);
    } else {
      ctx.close();
    }
  }
}
