package io.sealgate.log.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sealgate.log.TestKey;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import io.sealgate.store.StateStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A witness on a port of its own that goes down, comes back and hangs on order. */
final class WitnessServer implements AutoCloseable {
  private final TestKey key;
  private final StateStore store;
  private final WitnessService service;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final int port;
  private HttpServer server;
  private volatile boolean hangs;

  WitnessServer(String name, Path dir, Vkey log) throws IOException {
    this.key = TestKey.witness(name);
    this.store = StateStore.open(dir.resolve(name));
    this.service =
        new WitnessService(
            WitnessedLogs.of(List.of(log)),
            new WitnessKey() {
              @Override
              public Vkey vkey() {
                return key.vkey();
              }

              @Override
              public byte[] sign(byte[] message) {
                return key.raw(message);
              }
            },
            new WitnessState(store),
            Clock.systemUTC());
    up(0);
    this.port = server.getAddress().getPort();
  }

  private void up(int at) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
    server.setExecutor(threads);
    server.createContext("/add-checkpoint", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (hangs) {
        closed.await();
      }
      WitnessService.Answer answer = service.addCheckpoint(body);
      exchange.getResponseHeaders().set("content-type", answer.contentType());
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  TrustPolicy.Witness witness() {
    return new TrustPolicy.Witness(key.vkey().name(), key.vkey(), "http://127.0.0.1:" + port);
  }

  void hang() {
    hangs = true;
  }

  void down() {
    server.stop(0);
  }

  void back() throws IOException {
    up(port);
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
    store.close();
  }
}
