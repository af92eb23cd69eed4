package io.sealgate.gateway.forward;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A collector of syslog over TLS: reads frames by RFC 5425 and messages by RFC 5424. */
final class Collector implements AutoCloseable {
  private static final Pattern MESSAGE =
      Pattern.compile(
          "<(\\d{1,3})>1 (\\S+) (\\S{1,255}) sealgate - (\\S{1,32})"
              + " \\[sealgate@32473 shard=\"([0-9a-z]+)\" index=\"(\\d+)\"\\] (\\{.*\\})",
          Pattern.DOTALL);

  /** One message taken apart. */
  record Message(int priority, String time, String kind, String shard, long index, String record) {}

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel server;
  private final int port;
  private final ConcurrentLinkedQueue<Channel> connections = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Message> received = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> malformed = new ConcurrentLinkedQueue<>();

  Collector(final SslContext tls, final int bindPort, final boolean reads) {
    server =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(final Channel accepted) {
                    connections.add(accepted);
                    accepted.pipeline().addLast(tls.newHandler(accepted.alloc()));
                    if (reads) {
                      accepted.pipeline().addLast(new Frames());
                    } else {
                      accepted.config().setAutoRead(false);
                    }
                  }
                })
            .bind(new InetSocketAddress("127.0.0.1", bindPort))
            .syncUninterruptibly()
            .channel();
    this.port = ((InetSocketAddress) server.localAddress()).getPort();
  }

  int port() {
    return port;
  }

  /** Messages by index; a message that came twice is there once. */
  Map<Long, Message> byIndex() {
    final Map<Long, Message> messages = new TreeMap<>();
    received.forEach(message -> messages.put(message.index(), message));
    return messages;
  }

  List<Message> received() {
    return List.copyOf(received);
  }

  List<String> malformed() {
    return List.copyOf(malformed);
  }

  int accepted() {
    return connections.size();
  }

  @Override
  public void close() {
    stop();
  }

  /** Goes away, in the middle of whatever was sent. */
  void stop() {
    if (group.isShuttingDown()) {
      return;
    }
    server.close().syncUninterruptibly();
    connections.forEach(connection -> connection.close().syncUninterruptibly());
    group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class Frames extends ByteToMessageDecoder {
    @Override
    protected void decode(
        final ChannelHandlerContext context, final ByteBuf in, final List<Object> out) {
      in.markReaderIndex();
      int length = 0;
      while (true) {
        if (!in.isReadable()) {
          in.resetReaderIndex();
          return;
        }
        final byte c = in.readByte();
        if (c == ' ') {
          break;
        }
        length = length * 10 + c - '0';
      }
      if (in.readableBytes() < length) {
        in.resetReaderIndex();
        return;
      }
      final String text = in.readCharSequence(length, StandardCharsets.UTF_8).toString();
      final Matcher parts = MESSAGE.matcher(text);
      if (!parts.matches()) {
        malformed.add(text);
        return;
      }
      received.add(
          new Message(
              Integer.parseInt(parts.group(1)),
              parts.group(2),
              parts.group(4),
              parts.group(5),
              Long.parseLong(parts.group(6)),
              parts.group(7)));
    }
  }
}
