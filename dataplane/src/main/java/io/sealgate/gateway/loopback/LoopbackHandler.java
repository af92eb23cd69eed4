package io.sealgate.gateway.loopback;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.sealgate.gateway.config.ModelPattern;
import io.sealgate.policy.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One connection: one request at a time, its answer, then the next. */
final class LoopbackHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final String CHAT_PATH = "/v1/chat/completions";
  private static final String MODELS_PATH = "/v1/models";
  private static final String JSON = "application/json";
  private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";
  private static final int SLOW_DELAY_MS = 1_000;
  private static final int SLOW_TOKEN_DELAY_MS = 200;

  private final LoopbackModel.Options options;
  private final ReceivedBodies received;
  private final Supplier<Optional<Fault>> standingFault;
  private boolean keepAlive;
  private boolean busy;

  LoopbackHandler(
      final LoopbackModel.Options options,
      final ReceivedBodies received,
      final Supplier<Optional<Fault>> standingFault) {
    this.options = options;
    this.received = received;
    this.standingFault = standingFault;
  }

  /** Closes a connection so that the peer sees a reset and not an end. */
  static void reset(final Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
  }

  @Override
  protected void channelRead0(final ChannelHandlerContext context, final FullHttpRequest request) {
    if (busy || !request.decoderResult().isSuccess()) {
      // Pipelined or malformed: nothing that a provider's client does.
      context.close();
      return;
    }
    busy = true;
    keepAlive = HttpUtil.isKeepAlive(request);
    if (request.uri().equals(MODELS_PATH) && request.method().equals(HttpMethod.GET)) {
      answer(context, HttpResponseStatus.OK, models());
    } else if (!request.uri().equals(CHAT_PATH)) {
      fail(context, HttpResponseStatus.NOT_FOUND, "no such path; the model has " + CHAT_PATH);
    } else if (!request.method().equals(HttpMethod.POST)) {
      fail(context, HttpResponseStatus.METHOD_NOT_ALLOWED, "use POST");
    } else {
      final byte[] body = ByteBufUtil.getBytes(request.content());
      received.add(request.uri(), body);
      chat(context, body);
    }
  }

  @Override
  public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
    // A peer that goes away ends its connection and nothing else.
    context.close();
  }

  private void chat(final ChannelHandlerContext context, final byte[] body) {
    final ChatRequest request;
    try {
      request = ChatRequest.parse(new String(body, StandardCharsets.UTF_8));
    } catch (final IllegalArgumentException malformed) {
      fail(context, HttpResponseStatus.BAD_REQUEST, malformed.getMessage());
      return;
    }
    final String model = request.model();
    final Optional<Fault> asked = Fault.ofModel(model);
    final boolean known = model.indexOf(':') < 0 || asked.isPresent();
    if (!known || !ModelPattern.anyMatches(options.models(), model)) {
      fail(context, HttpResponseStatus.NOT_FOUND, "no such model");
      return;
    }
    final Fault fault = standingFault.get().or(() -> asked).orElse(null);
    final int delayMs = fault == Fault.SLOW ? SLOW_DELAY_MS : options.delayMs();
    final ChatAnswer answer = ChatAnswer.to(request, body);
    if (delayMs == 0) {
      answer(context, answer, fault);
    } else {
      later(context, delayMs, () -> answer(context, answer, fault));
    }
  }

  private void answer(
      final ChannelHandlerContext context, final ChatAnswer answer, final Fault fault) {
    switch (fault) {
      case REFUSE -> reset(context.channel());
      case HANG -> {
        // The connection stays as it is until the caller or close() ends it.
      }
      case CUT -> cut(context, answer);
      case GARBAGE -> answer(context, HttpResponseStatus.OK, "<html>not what you asked for");
      case BAD_SSE -> badEvents(context);
      case STATUS_500 ->
          fail(context, HttpResponseStatus.INTERNAL_SERVER_ERROR, "told to answer 500");
      case STATUS_429 -> fail(context, HttpResponseStatus.TOO_MANY_REQUESTS, "told to answer 429");
      case SLOW -> whole(context, answer, SLOW_TOKEN_DELAY_MS);
      case null -> whole(context, answer, options.tokenDelayMs());
    }
  }

  private void whole(
      final ChannelHandlerContext context, final ChatAnswer answer, final int tokenDelayMs) {
    if (!answer.request().stream()) {
      answer(context, HttpResponseStatus.OK, answer.json());
      return;
    }
    context.write(streamHead());
    final List<String> events = answer.events();
    if (tokenDelayMs == 0) {
      events.forEach(event -> context.write(content(event)));
      end(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    } else {
      context.flush();
      drip(context, events, 0, tokenDelayMs);
    }
  }

  private void drip(
      final ChannelHandlerContext context,
      final List<String> events,
      final int next,
      final int delayMs) {
    if (next == events.size()) {
      end(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
      return;
    }
    later(
        context,
        delayMs,
        () -> {
          context.writeAndFlush(content(events.get(next)));
          drip(context, events, next + 1, delayMs);
        });
  }

  private void cut(final ChannelHandlerContext context, final ChatAnswer answer) {
    if (answer.request().stream()) {
      final List<String> events = answer.events();
      context.write(streamHead());
      events.subList(0, events.size() / 2).forEach(event -> context.write(content(event)));
      context.flush();
    } else {
      final ByteBuf body = utf8(answer.json());
      final HttpResponse head = head(HttpResponseStatus.OK, JSON);
      HttpUtil.setContentLength(head, body.readableBytes());
      context.write(head);
      context.writeAndFlush(new DefaultHttpContent(body.readSlice(body.readableBytes() / 2)));
    }
    context.close();
  }

  private void badEvents(final ChannelHandlerContext context) {
    context.write(streamHead());
    context.write(content("data: {\"choices\":[{\"delta\":{\"content\":\"half\n\n"));
    context.write(content("this is no field\ndata: not json\n\n"));
    end(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
  }

  private void fail(
      final ChannelHandlerContext context, final HttpResponseStatus status, final String message) {
    final StringBuilder out = new StringBuilder("{\"error\":{\"message\":");
    JsonText.quote(out, message);
    out.append(",\"type\":\"loopback_error\",\"param\":null,\"code\":\"")
        .append(status.code())
        .append("\"}}");
    answer(context, status, out.toString());
  }

  private void answer(
      final ChannelHandlerContext context, final HttpResponseStatus status, final String body) {
    final FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, utf8(body));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, JSON);
    HttpUtil.setContentLength(response, response.content().readableBytes());
    HttpUtil.setKeepAlive(response, keepAlive);
    if (status.equals(HttpResponseStatus.TOO_MANY_REQUESTS)) {
      response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    }
    end(context.writeAndFlush(response));
  }

  private void end(final ChannelFuture written) {
    busy = false;
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private HttpResponse streamHead() {
    final HttpResponse head = head(HttpResponseStatus.OK, EVENT_STREAM);
    head.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    HttpUtil.setTransferEncodingChunked(head, true);
    return head;
  }

  private HttpResponse head(final HttpResponseStatus status, final String contentType) {
    final HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    HttpUtil.setKeepAlive(head, keepAlive);
    return head;
  }

  private String models() {
    return options.models().stream()
        .filter(ModelPattern::isName)
        .map(
            model -> {
              final StringBuilder out = new StringBuilder("{\"id\":");
              JsonText.quote(out, model.text());
              return out.append(",\"object\":\"model\",\"created\":0,\"owned_by\":\"sealgate\"}")
                  .toString();
            })
        .collect(Collectors.joining(",", "{\"object\":\"list\",\"data\":[", "]}"));
  }

  private static void later(
      final ChannelHandlerContext context, final int delayMs, final Runnable step) {
    context
        .executor()
        .schedule(
            () -> {
              if (context.channel().isActive()) {
                step.run();
              }
            },
            delayMs,
            TimeUnit.MILLISECONDS);
  }

  private static DefaultHttpContent content(final String text) {
    return new DefaultHttpContent(utf8(text));
  }

  private static ByteBuf utf8(final String text) {
    return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
  }
}
