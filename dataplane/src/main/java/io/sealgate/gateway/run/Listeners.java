package io.sealgate.gateway.run;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.sealgate.gateway.call.AddressCounts;
import io.sealgate.gateway.call.CallServer;
import io.sealgate.gateway.call.Worker;
import io.sealgate.gateway.config.LimitsConfig;
import io.sealgate.gateway.config.ListenConfig.Listener;
import io.sealgate.gateway.net.PinnedLoop;
import io.sealgate.gateway.net.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Where calls come in: for each address one socket a loop, and the kernel deals calls out. */
final class Listeners {
  private final Transport transport;
  private final LimitsConfig limits;
  private final List<PinnedLoop> loops;
  private final List<Worker> workers;
  private final AddressCounts addresses = new AddressCounts();
  private final List<Channel> channels = new ArrayList<>();

  /**
   * Opens nothing yet.
   *
   * @param workers one a loop, in the order of the loops
   */
  Listeners(
      final Transport transport,
      final LimitsConfig limits,
      final List<PinnedLoop> loops,
      final List<Worker> workers) {
    this.transport = transport;
    this.limits = limits;
    this.loops = loops;
    this.workers = workers;
  }

  /**
   * Accepts calls on an address.
   *
   * @param tls null for clear text
   * @return where they go, or null when the listener is off
   */
  URI open(final Listener listener, final SslContext tls) throws IOException {
    if (!listener.enabled()) {
      return null;
    }
    final CallServer server = new CallServer(limits, addresses, tls);
    int port = listener.port();
    for (int i = 0; i < loops.size(); i++) {
      final Channel bound =
          server.listen(
              new InetSocketAddress(listener.address(), port),
              loops.get(i),
              transport,
              workers.get(i));
      channels.add(bound);
      port = ((InetSocketAddress) bound.localAddress()).getPort();
    }
    final String host =
        listener.address().contains(":") ? "[" + listener.address() + "]" : listener.address();
    return URI.create((tls == null ? "http" : "https") + "://" + host + ":" + port);
  }

  /** Accepts no more; connections that stand go on. */
  void stop() {
    channels.forEach(channel -> channel.close().awaitUninterruptibly());
  }
}
