package io.sealgate.gateway.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.config.WitnessServiceConfig;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.NoteException;
import io.sealgate.log.Vkey;
import io.sealgate.log.witness.WitnessService;
import io.sealgate.log.witness.WitnessState;
import io.sealgate.log.witness.WitnessedLogs;
import io.sealgate.store.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where other logs have their heads cosigned (C2SP tlog-witness): {@code POST /add-checkpoint}, and
 * {@code GET /<hex SHA-256 of the origin>/checkpoint} for monitors. Cold path.
 */
public final class WitnessDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WitnessDoor.class);
  private static final String SUBMIT = "/add-checkpoint";
  private static final String CHECKPOINT = "/checkpoint";

  /** Requests at once; each holds a body of 64 KiB at most. */
  private static final int REQUESTS_MAX = 64;

  private final HttpServer server;
  private final WitnessService service;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(REQUESTS_MAX);

  private WitnessDoor(final HttpServer server, final WitnessService service) {
    this.server = server;
    this.service = service;
  }

  /**
   * Opens the door.
   *
   * @param state what was cosigned; the caller closes it after this
   */
  public static WitnessDoor start(final GatewayConfig config, final StateStore state)
      throws GatewayException {
    final WitnessServiceConfig settings = config.witnessService();
    final WitnessKeyFile key = WitnessKeyFile.of(config);
    final WitnessService service =
        new WitnessService(logs(settings), key, new WitnessState(state), Clock.systemUTC());
    try {
      final HttpServer server =
          HttpServer.create(new InetSocketAddress(settings.address(), settings.port()), 64);
      final WitnessDoor door = new WitnessDoor(server, service);
      server.setExecutor(door.threads);
      server.createContext("/", door::handle);
      server.start();
      LOG.info("witness {} at {}:{}", key.vkey(), settings.address(), settings.port());
      return door;
    } catch (final IOException e) {
      throw new GatewayException(
          "cannot listen on "
              + settings.address()
              + ":"
              + settings.port()
              + " as a witness ("
              + e.getMessage()
              + "); set another 'witness-service.port'",
          e);
    }
  }

  private static WitnessedLogs logs(final WitnessServiceConfig settings) throws GatewayException {
    final List<Vkey> keys = new ArrayList<>();
    try {
      for (final String log : settings.logs()) {
        keys.add(Vkey.parse(log));
      }
    } catch (final NoteException e) {
      throw new GatewayException("witness-service.logs: " + e.getMessage(), e);
    }
    return WitnessedLogs.of(keys);
  }

  private void handle(final HttpExchange exchange) throws IOException {
    try (exchange) {
      final WitnessService.Answer answer = answer(exchange);
      exchange.getResponseHeaders().set("content-type", answer.contentType());
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  private WitnessService.Answer answer(final HttpExchange exchange) throws IOException {
    if (!room.tryAcquire()) {
      return problem(503, "too many requests at once");
    }
    try {
      return route(exchange);
    } catch (final IOException | UncheckedIOException e) {
      LOG.warn("a head could not be cosigned: {}", e.getMessage());
      return problem(500, "the witness cannot keep its state now");
    } finally {
      room.release();
    }
  }

  private WitnessService.Answer route(final HttpExchange exchange) throws IOException {
    final String path = exchange.getRequestURI().getPath();
    final String method = exchange.getRequestMethod();
    if (method.equals("POST") && path.equals(SUBMIT)) {
      return service.addCheckpoint(
          exchange.getRequestBody().readNBytes(WitnessService.BODY_BYTES_MAX + 1));
    }
    if (method.equals("GET") && path.endsWith(CHECKPOINT)) {
      return service.checkpoint(
          path.substring(1, Math.max(1, path.length() - CHECKPOINT.length())));
    }
    return problem(404, "here are POST /add-checkpoint and GET /<origin hash>/checkpoint");
  }

  private static WitnessService.Answer problem(final int status, final String why) {
    return new WitnessService.Answer(
        status, "text/plain; charset=utf-8", (why + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.stop(1);
    threads.close();
  }
}
