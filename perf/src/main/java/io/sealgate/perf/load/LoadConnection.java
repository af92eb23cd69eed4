package io.sealgate.perf.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;

/** One connection: one call at a time. Owned by the load loop. */
final class LoadConnection extends SimpleChannelInboundHandler<HttpObject> {
  private static final int OK = 200;
  private static final int ERROR_TEXT_BYTES_MAX = 300;

  private final LoadGenerator generator;
  private final ByteBuf request;
  private ChannelHandlerContext context;
  private final StringBuilder errorText = new StringBuilder();
  private boolean busy;
  private long dueNanos;
  private int status;

  /** Sends duplicates of a request that the generator owns. */
  LoadConnection(final LoadGenerator generator, final ByteBuf request) {
    this.generator = generator;
    this.request = request;
  }

  @Override
  public void handlerAdded(final ChannelHandlerContext added) {
    context = added;
  }

  void send(final long due) {
    dueNanos = due;
    status = 0;
    busy = true;
    context.writeAndFlush(request.retainedDuplicate(), context.voidPromise());
  }

  boolean busy() {
    return busy;
  }

  long dueNanos() {
    return dueNanos;
  }

  void close() {
    context.close();
  }

  @Override
  protected void channelRead0(final ChannelHandlerContext ignored, final HttpObject part) {
    if (part.decoderResult().isFailure()) {
      broken("an answer that is not HTTP: " + part.decoderResult().cause().getMessage());
      return;
    }
    if (part instanceof HttpResponse head) {
      status = head.status().code();
    }
    if (part instanceof HttpContent content) {
      if (status != OK) {
        keep(content.content());
      }
      if (part instanceof LastHttpContent) {
        end();
      }
    }
  }

  @Override
  public void channelInactive(final ChannelHandlerContext ignored) {
    broken("the target closed the connection");
  }

  @Override
  public void exceptionCaught(final ChannelHandlerContext ignored, final Throwable cause) {
    broken("the connection failed: " + cause);
  }

  private void end() {
    if (!busy) {
      broken("an answer to no call, status " + status);
      return;
    }
    busy = false;
    if (status != OK) {
      generator.failed("status " + status + ": " + errorText);
      errorText.setLength(0);
    }
    generator.answered(this);
  }

  private void broken(final String why) {
    generator.lost(this, why);
    context.close();
  }

  private void keep(final ByteBuf content) {
    final int room = Math.min(ERROR_TEXT_BYTES_MAX - errorText.length(), content.readableBytes());
    if (room > 0) {
      errorText.append(content.toString(content.readerIndex(), room, StandardCharsets.US_ASCII));
    }
  }
}
