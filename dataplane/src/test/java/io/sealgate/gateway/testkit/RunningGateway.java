package io.sealgate.gateway.testkit;

import io.sealgate.gateway.call.Phases;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.loopback.LoopbackModel;
import io.sealgate.gateway.run.Gateway;
import io.sealgate.log.JcsReader;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.verify.VerifyReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The whole product in the test's JVM, on free ports and a folder of its own, with its supervised
 * signer process, SoftHSM, LMDB and loopback model. {@link #close} leaves no process and fails the
 * test when a buffer leaked.
 */
public final class RunningGateway implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private final LeakWatch leaks = new LeakWatch();
  private final Gateway gateway;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  private RunningGateway(final GatewayConfig config) throws GatewayException {
    this.gateway = Gateway.start(config, Phases.SEALED);
  }

  /**
   * Starts a gateway; calls are accepted when this returns.
   *
   * @param folder the test's own, for the data folder
   * @param yaml further top-level sections of the configuration; not {@code data} or {@code listen}
   */
  public static RunningGateway start(final Path folder, final String yaml) throws GatewayException {
    final String text =
        """
        data: "%s"
        listen:
          http: {port: 0}
          https: {port: 0}
          admin: {port: 0}
        """
                .formatted(folder.resolve("data"))
            + yaml;
    return new RunningGateway(GatewayConfig.parse("test", text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The product. */
  public Gateway gateway() {
    return gateway;
  }

  /** Where calls go in clear text. */
  public URI http() {
    return gateway.http();
  }

  /** The first API key. */
  public String apiKey() {
    return gateway.apiKey();
  }

  /** The built-in model. */
  public LoopbackModel model() {
    return gateway.loopback();
  }

  /** An HTTP/1.1 client. */
  public HttpClient client() {
    return client;
  }

  /** The body of a small chat call. */
  public static String chat(final String model, final String text) {
    return "{\"model\":\""
        + model
        + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  /** The body of a small streamed chat call. */
  public static String streamed(final String model, final String text) {
    return chat(model, text).replaceFirst("\\{", "{\"stream\":true,");
  }

  /** Posts a chat call with the first API key. */
  public HttpResponse<String> post(final String body) throws IOException, InterruptedException {
    return post(body, apiKey());
  }

  /** Posts a chat call with some API key. */
  public HttpResponse<String> post(final String body, final String key)
      throws IOException, InterruptedException {
    return client.send(request(http(), key, body), BodyHandlers.ofString());
  }

  /** A chat call to one of the listeners. */
  public static HttpRequest request(final URI listener, final String key, final String body) {
    return HttpRequest.newBuilder(listener.resolve("/v1/chat/completions"))
        .timeout(TIMEOUT)
        .header("authorization", "Bearer " + key)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  /** The head of a raw HTTP/1.1 chat call with the first API key, blank line included. */
  public String rawHead(final String... fields) {
    final StringBuilder head = new StringBuilder("POST /v1/chat/completions HTTP/1.1\r\n");
    head.append("Host: localhost\r\nAuthorization: Bearer ").append(apiKey()).append("\r\n");
    for (final String field : fields) {
      head.append(field).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /** A whole raw HTTP/1.1 chat call. */
  public String rawCall(final String body, final String... fields) {
    final List<String> all = new ArrayList<>(List.of(fields));
    all.add("Content-Length: " + body.length());
    return rawHead(all.toArray(String[]::new)) + body;
  }

  /** Asks the admin API, with its token. */
  public HttpResponse<String> admin(final String method, final String path, final String body)
      throws IOException, InterruptedException, GatewayException {
    final String token = DataFolder.readOwnerOnly(gateway.config().adminTokenFile());
    return client.send(
        HttpRequest.newBuilder(gateway.admin().resolve(path))
            .timeout(TIMEOUT)
            .header("authorization", "Bearer " + token)
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** Publishes a policy document through the admin API. */
  public void applyPolicy(final String yaml)
      throws IOException, InterruptedException, GatewayException {
    final HttpResponse<String> answer = admin("POST", "/policies?file=test.yaml", yaml);
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.body());
    }
  }

  /** Takes a policy document out of force through the admin API. */
  public void removePolicy(final String name)
      throws IOException, InterruptedException, GatewayException {
    final HttpResponse<String> answer = admin("DELETE", "/policies?name=" + name, "");
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.body());
    }
  }

  /** The sealed decision record at an index of the log, as the answer's header names it. */
  public Map<?, ?> record(final String index) throws IOException {
    try (LogReader log = LogReader.open(gateway.data().log())) {
      return parse(log.record(log.shards().getLast(), Long.parseLong(index)));
    }
  }

  /** A record by its shard and its index there. */
  public Map<?, ?> record(final String shard, final String index) throws IOException {
    try (LogReader log = LogReader.open(gateway.data().log())) {
      return parse(log.record(shard, Long.parseLong(index)));
    }
  }

  /** Waits for a call's decision record. */
  public Map<?, ?> decision(final String requestId) {
    return awaitRecord("decision", requestId);
  }

  /** Waits for a call's outcome record. */
  public Map<?, ?> outcome(final String requestId) {
    return awaitRecord("outcome", requestId);
  }

  private Map<?, ?> awaitRecord(final String kind, final String requestId) {
    if (requestId == null) {
      throw new AssertionError("the answer has no request id");
    }
    return Until.value(
        "the " + kind + " record of " + requestId,
        () ->
            records().stream()
                .filter(
                    one -> kind.equals(one.get("kind")) && requestId.equals(one.get("request_id")))
                .findFirst()
                .orElse(null));
  }

  /** A call's record of a kind if it is sealed at this moment, or null. */
  public Map<?, ?> sealed(final String kind, final String requestId) {
    return records().stream()
        .filter(one -> kind.equals(one.get("kind")) && requestId.equals(one.get("request_id")))
        .findFirst()
        .orElse(null);
  }

  /** What a client needs to trust the development certificate. */
  public SSLContext trustingTls() throws IOException, GeneralSecurityException {
    final KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream pem =
        Files.newInputStream(gateway.data().root().resolve("tls").resolve("development.pem"))) {
      trusted.setCertificateEntry(
          "gateway", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    final TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    final SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** Every sealed record, oldest first. */
  public List<Map<?, ?>> records() {
    final List<Map<?, ?>> all = new ArrayList<>();
    try (LogReader log = LogReader.open(gateway.data().log())) {
      for (final String shard : log.shards()) {
        log.forEachRecord(shard, 0, log.size(shard), (index, bytes) -> all.add(parse(bytes)));
      }
    } catch (final IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static Map<?, ?> parse(final byte[] record) throws IOException {
    if (record == null) {
      throw new AssertionError("there is no such record");
    }
    return (Map<?, ?>) JcsReader.parse(record);
  }

  /** Proves the log with public keys only. */
  public VerifyReport verify() throws IOException {
    return DataVerifier.verify(gateway.data().root());
  }

  @Override
  public void close() {
    final long signer = gateway.signerPid();
    client.close();
    gateway.close();
    try (leaks) {
      if (ProcessHandle.of(signer).filter(ProcessHandle::isAlive).isPresent()) {
        throw new AssertionError("the signer process " + signer + " still runs");
      }
      final List<String> leaked = leaks.leaks();
      if (!leaked.isEmpty()) {
        throw new AssertionError("buffers leaked: " + leaked);
      }
    }
  }
}
