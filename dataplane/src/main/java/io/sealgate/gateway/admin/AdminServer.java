package io.sealgate.gateway.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sealgate.gateway.config.BootstrapConfig;
import io.sealgate.gateway.config.ListenConfig.AdminListener;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.identity.ApiKeys;
import io.sealgate.gateway.identity.Caller;
import io.sealgate.policy.PolicyStore;
import io.sealgate.policy.json.JsonText;
import io.sealgate.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin listener: cold path, so it is the JDK's own HTTP server on virtual threads. Health,
 * metrics and the log's public tiles are open to whoever reaches the listener (loopback by
 * default); everything that shows or changes state wants the admin token.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final int BODY_BYTES_MAX = 4 << 20;
  private static final int TOKEN_BYTES = 32;
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AdminDoors doors;
  private final PrometheusRegistry registry;
  private final LogTiles tiles;
  private final byte[] token;

  private AdminServer(
      final HttpServer server,
      final AdminDoors doors,
      final DataFolder data,
      final PrometheusRegistry registry,
      final String token) {
    this.server = server;
    this.doors = doors;
    this.registry = registry;
    this.tiles = new LogTiles(data.root());
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Opens the listener.
   *
   * @param tokenFile the admin token; made when it is missing
   */
  public static AdminServer start(
      final AdminListener listener,
      final DataFolder data,
      final Path tokenFile,
      final PrometheusRegistry registry,
      final AdminDoors doors)
      throws GatewayException {
    final String token = DataFolder.secret(tokenFile, TOKEN_BYTES);
    try {
      final HttpServer server =
          HttpServer.create(new InetSocketAddress(listener.address(), listener.port()), 64);
      final AdminServer admin = new AdminServer(server, doors, data, registry, token);
      server.setExecutor(admin.threads);
      server.createContext("/", admin::handle);
      server.start();
      return admin;
    } catch (final IOException e) {
      throw new GatewayException(
          "cannot listen on "
              + listener.address()
              + ":"
              + listener.port()
              + " for operators ("
              + e.getMessage()
              + "); set another 'listen.admin.port'",
          e);
    }
  }

  /** Where the listener is. */
  public URI uri() {
    final InetSocketAddress address = server.getAddress();
    return URI.create("http://" + address.getHostString() + ":" + address.getPort());
  }

  private void handle(final HttpExchange exchange) throws IOException {
    try (exchange) {
      final Answer answer = answer(exchange);
      exchange.getResponseHeaders().set("content-type", answer.type());
      exchange.sendResponseHeaders(
          answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  private Answer answer(final HttpExchange exchange) {
    try {
      return route(exchange);
    } catch (final GatewayException | IllegalArgumentException e) {
      return Answer.problem(400, e.getMessage());
    } catch (final IOException e) {
      LOG.warn("an admin request failed: {}", e.getMessage());
      return Answer.problem(500, e.getMessage());
    }
  }

  private Answer route(final HttpExchange exchange) throws IOException, GatewayException {
    final String path = exchange.getRequestURI().getPath();
    final String method = exchange.getRequestMethod();
    if (method.equals("GET")) {
      switch (path) {
        case "/healthz":
          return new Answer(200, TEXT, "ok\n");
        case "/readyz":
          return ready();
        case "/metrics":
          return metrics();
        default:
          if (path.startsWith("/log/")) {
            return log(path.substring("/log/".length()));
          }
      }
    }
    if (!authorized(exchange)) {
      return Answer.problem(
          401,
          "send 'Authorization: Bearer <admin token>' (secrets/admin-token in the data folder)");
    }
    return guarded(exchange, method, path);
  }

  private Answer guarded(final HttpExchange exchange, final String method, final String path)
      throws IOException, GatewayException {
    final Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    switch (method + " " + path) {
      case "POST /policies":
        return applied(
            doors.applyPolicy(
                query.getOrDefault("org", doors.names().organisation()),
                query.getOrDefault("file", "policy.yaml"),
                body(exchange)));
      case "DELETE /policies":
        return applied(
            doors.removePolicy(
                query.getOrDefault("org", doors.names().organisation()),
                query.getOrDefault("name", "")));
      case "GET /policies":
        return new Answer(
            200,
            JSON,
            AdminJson.inForce(doors.policies(), doors.policyBundles(), doors.refusedBundle()));
      case "POST /policies/bundle":
        return applied(doors.applyBundle(body(exchange)));
      case "POST /policies/rollback":
        return applied(
            doors.rollbackPolicy(
                query.getOrDefault("org", doors.names().organisation()),
                number(query.get("to"), "to")));
      case "GET /policies/history":
        return new Answer(
            200,
            JSON,
            AdminJson.policies(
                doors.policyHistory(query.getOrDefault("org", doors.names().organisation()))));
      case "GET /policies/documents":
        return documents(query);
      case "GET /api-keys":
        return new Answer(200, JSON, AdminJson.keys(doors.apiKeys().list()));
      case "POST /api-keys":
        return issue(query);
      case "POST /log/holds":
        return held(query);
      case "POST /api-keys/revoke":
        return revoke(query.getOrDefault("id", ""));
      case "POST /content/read":
        return new Answer(
            200,
            JSON,
            doors
                .content()
                .read(
                    query.get("shard"),
                    number(query.get("index"), "index"),
                    query.getOrDefault("reason", "")));
      case "POST /content/erase":
        return new Answer(
            200,
            JSON,
            "{\"erased\":"
                + doors
                    .content()
                    .erase(
                        query.getOrDefault("org", doors.names().organisation()),
                        query.getOrDefault("subject", ""),
                        query.getOrDefault("reason", ""))
                + "}\n");
      default:
        return Answer.problem(404, "no such admin resource: " + method + " " + path);
    }
  }

  private static Answer applied(final PolicyStore.Version version) {
    return new Answer(200, JSON, AdminJson.policies(List.of(version)));
  }

  private Answer documents(final Map<String, String> query) throws GatewayException {
    final String org = query.getOrDefault("org", doors.names().organisation());
    long number = 0;
    if (query.containsKey("version")) {
      number = number(query.get("version"), "version");
    } else {
      for (final PolicyStore.Version version : doors.policies()) {
        number = version.org().equals(org) ? version.number() : number;
      }
    }
    final PolicyStore.Version version = doors.policyVersion(org, number);
    return new Answer(200, JSON, AdminJson.documents(version, doors.policyDocuments(version)));
  }

  private static long number(final String text, final String name) throws GatewayException {
    try {
      return Long.parseLong(text == null ? "" : text);
    } catch (final NumberFormatException e) {
      throw new GatewayException("'" + name + "' must be a number", e);
    }
  }

  private Answer issue(final Map<String, String> query) throws StoreException, GatewayException {
    final BootstrapConfig names = doors.names();
    final String org = query.getOrDefault("org", names.organisation());
    doors.sealEvent("api-key-issue", org, query.getOrDefault("user", names.user()));
    final ApiKeys.Issued issued =
        doors
            .apiKeys()
            .issue(
                new Caller(
                    "",
                    org,
                    query.getOrDefault("team", names.team()),
                    query.getOrDefault("user", names.user()),
                    query.getOrDefault("environment", names.environment()),
                    query.getOrDefault("use-case", names.useCase())));
    return new Answer(200, JSON, AdminJson.issued(issued));
  }

  private Answer revoke(final String id) throws StoreException, GatewayException {
    doors.sealEvent("api-key-revoke", id, "");
    return doors.apiKeys().revoke(id)
        ? new Answer(200, JSON, "{\"revoked\":true}\n")
        : Answer.problem(404, "there is no API key with this id");
  }

  /** Seals that a hold is placed or released; the file that holds is the log owner's to write. */
  private Answer held(final Map<String, String> query) throws GatewayException {
    final String reason = query.getOrDefault("reason", "");
    doors.sealEvent(
        reason.isEmpty() ? "legal-hold-release" : "legal-hold",
        query.getOrDefault("shard", ""),
        reason);
    return new Answer(200, JSON, "{\"sealed\":true}\n");
  }

  private Answer ready() {
    final boolean signer = doors.signerReady();
    final boolean policy = doors.policyReady();
    final boolean ready = signer && policy && !doors.closed();
    final String body =
        "{\"signer\":"
            + signer
            + ",\"policy\":"
            + policy
            + ",\"witnessed\":"
            + doors.witnessed()
            + ",\"ready\":"
            + ready
            + "}\n";
    return new Answer(ready ? 200 : 503, JSON, body);
  }

  private Answer metrics() throws IOException {
    final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
    final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    writer.write(out, registry.scrape());
    return new Answer(200, writer.getContentType(), out.toByteArray());
  }

  private Answer log(final String path) throws IOException {
    final byte[] found = tiles.read(path);
    return found == null
        ? Answer.problem(404, "no such tile; see C2SP tlog-tiles for the paths")
        : new Answer(200, path.endsWith("checkpoint") ? TEXT : "application/octet-stream", found);
  }

  private boolean authorized(final HttpExchange exchange) {
    final String sent = exchange.getRequestHeaders().getFirst("authorization");
    return sent != null
        && sent.startsWith("Bearer ")
        && MessageDigest.isEqual(
            token, sent.substring("Bearer ".length()).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] body(final HttpExchange exchange) throws IOException, GatewayException {
    final byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
    if (body.length > BODY_BYTES_MAX) {
      throw new GatewayException("the body is over " + BODY_BYTES_MAX + " bytes");
    }
    return body;
  }

  private static Map<String, String> query(final String raw) {
    final Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (final String pair : raw.split("&")) {
        final int equals = pair.indexOf('=');
        if (equals > 0) {
          query.put(
              pair.substring(0, equals),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
      }
    }
    return query;
  }

  @Override
  public void close() throws IOException {
    server.stop(1);
    threads.close();
    tiles.close();
  }

  private record Answer(int status, String type, byte[] body) {
    Answer(final int status, final String type, final String body) {
      this(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer problem(final int status, final String message) {
      final StringBuilder json = new StringBuilder("{\"error\":");
      JsonText.quote(json, Objects.toString(message, ""));
      return new Answer(status, JSON, json.append("}\n").toString());
    }
  }
}
