package io.sealgate.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.sealgate.gateway.testkit.RawConnection;
import io.sealgate.gateway.testkit.RunningGateway;
import io.sealgate.gateway.testkit.Until;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A caller that reads slowly slows its provider down; the gateway does not fill up between them.
 */
final class BackPressureTest {
  private static final int EVENTS = 3_000;
  private static final int PADDING_CHARS = 8 * 1024;
  private static final int CALLER_RECEIVE_BYTES = 16 * 1024;
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(600);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"io_uring", "epoll"})
  void shouldHoldTheProviderBackWhenTheCallerReadsSlowly(final String transport) throws Exception {
    final AtomicLong written = new AtomicLong();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      final HttpServer provider = provider(written, threads);
      try (RunningGateway gateway =
              RunningGateway.start(folder.resolve(transport), config(transport, provider));
          RawConnection caller = RawConnection.open(gateway.http(), CALLER_RECEIVE_BYTES)) {
        caller.send(gateway.rawCall(RunningGateway.streamed("big-1", "go on")));
        final RawConnection.Answer head = caller.head();
        assertEquals(200, head.status());
        awaitStandstill(written);
        final long total = (long) EVENTS * PADDING_CHARS;
        assertTrue(written.get() < total / 2, "held back after " + written + " of " + total);

        final StringBuilder tail = new StringBuilder();
        long read = 0;
        for (String chunk = caller.chunk(); !chunk.isEmpty(); chunk = caller.chunk()) {
          read += chunk.length();
          tail.append(chunk);
          tail.delete(0, Math.max(0, tail.length() - 64));
        }
        assertTrue(read > total, "everything arrives once the caller reads");
        assertTrue(tail.toString().endsWith("data: [DONE]\n\n"), tail.toString());
        assertEquals("answered", gateway.sealed("outcome", head.requestId()).get("result"));
      } finally {
        provider.stop(0);
      }
    }
  }

  private static String config(final String transport, final HttpServer provider) {
    return """
    transport: %s
    loopback: {enabled: false}
    upstreams:
      - name: big
        base-url: http://127.0.0.1:%d/v1
        models: [big-1]
    """
        .formatted(transport, provider.getAddress().getPort());
  }

  /** Waits until the provider has not been able to write for a while. */
  private static void awaitStandstill(final AtomicLong written) {
    final long[] last = {-1, System.nanoTime()};
    Until.holds(
        "the provider cannot write on",
        () -> {
          if (written.get() != last[0]) {
            last[0] = written.get();
            last[1] = System.nanoTime();
          }
          return last[0] > 0 && System.nanoTime() - last[1] > QUIET_NANOS;
        });
  }

  /** A provider that writes as fast as it is let, on sockets that block. */
  private static HttpServer provider(final AtomicLong written, final ExecutorService threads)
      throws IOException {
    final byte[] event =
        ("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + "x".repeat(PADDING_CHARS)
                + "\"}}]}\n\n")
            .getBytes(StandardCharsets.UTF_8);
    final HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.setExecutor(threads);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().set("content-type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < EVENTS; i++) {
              out.write(event);
              out.flush();
              written.addAndGet(PADDING_CHARS);
            }
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
          }
        });
    server.start();
    return server;
  }
}
