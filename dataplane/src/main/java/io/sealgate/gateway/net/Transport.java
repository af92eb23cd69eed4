package io.sealgate.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.io.IOException;

/** The kernel interface that carries the bytes. There is no silent fall-back between the two. */
public enum Transport {
  /** Netty's graduated io_uring transport: the default. */
  IO_URING {
    @Override
    public void requireAvailable() throws IOException {
      if (!IoUring.isAvailable()) {
        throw new IOException(
            "io_uring is not permitted here ("
                + rootMessage(IoUring.unavailabilityCause())
                + "): allow it (sysctl kernel.io_uring_disabled=0, or this group in"
                + " kernel.io_uring_group; 'ulimit -l' of at least 8192), or set"
                + " 'transport: epoll' in sealgate.yaml");
      }
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
      return IoUringIoHandler.newFactory(
          new IoUringIoHandlerConfig().setRingSize(RING_ENTRIES).setCqSize(RING_ENTRIES * 8));
    }

    @Override
    public Class<? extends ServerChannel> serverChannel() {
      return IoUringServerSocketChannel.class;
    }

    @Override
    public Class<? extends Channel> channel() {
      return IoUringSocketChannel.class;
    }

    @Override
    public Class<? extends DatagramChannel> datagramChannel() {
      return IoUringDatagramChannel.class;
    }
  },
  /** epoll, only when the configuration asks for it by name. */
  EPOLL {
    @Override
    public void requireAvailable() throws IOException {
      if (!Epoll.isAvailable()) {
        throw new IOException(
            "epoll is not available: " + rootMessage(Epoll.unavailabilityCause()));
      }
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
      return EpollIoHandler.newFactory();
    }

    @Override
    public Class<? extends ServerChannel> serverChannel() {
      return EpollServerSocketChannel.class;
    }

    @Override
    public Class<? extends Channel> channel() {
      return EpollSocketChannel.class;
    }

    @Override
    public Class<? extends DatagramChannel> datagramChannel() {
      return EpollDatagramChannel.class;
    }
  };

  /** One ring a core serves every connection of that core; Netty's 128 is for small clients. */
  private static final int RING_ENTRIES = 1024;

  /**
   * @throws IOException when this transport cannot be used here, with the way out
   */
  public abstract void requireAvailable() throws IOException;

  /** What makes an event loop's I/O handler. */
  public abstract IoHandlerFactory ioHandlerFactory();

  /** The listener's channel type. */
  public abstract Class<? extends ServerChannel> serverChannel();

  /** An outgoing connection's channel type. */
  public abstract Class<? extends Channel> channel();

  /** A datagram socket's channel type, which name resolution opens on the same loops. */
  public abstract Class<? extends DatagramChannel> datagramChannel();

  private static String rootMessage(final Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
