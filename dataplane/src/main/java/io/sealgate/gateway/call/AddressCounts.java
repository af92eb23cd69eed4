package io.sealgate.gateway.call;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;

/** Counts open connections by remote address, over all listeners. Safe for any thread. */
public final class AddressCounts {
  private final ConcurrentHashMap<InetAddress, Integer> open = new ConcurrentHashMap<>();

  /** Counts a new connection until it closes; false when its address has too many. */
  boolean admit(final Channel channel, final int perAddressMax) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      return true;
    }
    final InetAddress address = remote.getAddress();
    if (open.merge(address, 1, Integer::sum) > perAddressMax) {
      leave(address);
      return false;
    }
    channel.closeFuture().addListener(closed -> leave(address));
    return true;
  }

  private void leave(final InetAddress address) {
    open.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }
}
