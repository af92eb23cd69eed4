package io.sealgate.gateway.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.testkit.ProcessGateway;
import io.sealgate.gateway.testkit.RunningGateway;
import io.sealgate.gateway.testkit.Until;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import io.sealgate.log.verify.LogVerifier;
import io.sealgate.log.verify.VerifyExit;
import io.sealgate.log.verify.VerifyOptions;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.store.StateStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two appliances that cosign each other's log, each with its own signer and witness door. */
class WitnessedGatewaysTest {
  private static final int MAX_AGE_SECONDS = 2;

  @TempDir private Path folder;

  /** What one appliance tells the other. */
  private record Side(Path folder, String name, int port, String witnessKey, String logKey) {}

  private Side side(final String name, final int port) throws Exception {
    final Path own = Files.createDirectory(folder.resolve(name));
    final Path config = own.resolve("first.yaml");
    Files.writeString(
        config,
        "data: \"%s\"\nsigner: {log-name: %s.example.com}\n".formatted(own.resolve("data"), name));
    return new Side(
        own,
        name,
        port,
        said(own, config, "witness", "key"),
        said(own, config, "key", "init").substring("verifier key: ".length()));
  }

  private static String said(final Path own, final Path config, final String... words)
      throws Exception {
    final ProcessGateway.Finished done =
        ProcessGateway.run(own, words[0], words[1], "--config", config.toString());
    assertEquals(0, done.exit(), done.output());
    return done.output().lines().toList().getLast();
  }

  private static RunningGateway start(final Side own, final Side other) throws Exception {
    final String yaml =
        """
        signer: {log-name: %s.example.com}
        witnesses:
          ask: [{url: "http://127.0.0.1:%d", vkey: "%s"}]
          interval-ms: 100
          max-age-seconds: %d
          deny-when-stale: true
        witness-service:
          enabled: true
          port: %d
          logs: ["%s"]
        """
            .formatted(
                own.name(),
                other.port(),
                other.witnessKey(),
                MAX_AGE_SECONDS,
                own.port(),
                other.logKey());
    Files.writeString(
        own.folder().resolve("sealgate.yaml"),
        "data: \"%s\"\n".formatted(own.folder().resolve("data")) + yaml);
    return RunningGateway.start(own.folder(), yaml);
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static int status(final RunningGateway gateway) throws Exception {
    return gateway.post(RunningGateway.chat("loopback-1", "hello")).statusCode();
  }

  private static String get(final RunningGateway gateway, final String path) throws Exception {
    final HttpResponse<String> answer =
        gateway
            .client()
            .send(
                HttpRequest.newBuilder(gateway.gateway().admin().resolve(path)).build(),
                BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  /** The head that others are shown bears both the log's signature and the witness's. */
  private static boolean cosigned(final RunningGateway gateway) throws Exception {
    final String answer = get(gateway, "/log/checkpoint");
    return answer.startsWith("200 ")
        && SignedNote.parse(answer.substring(4).getBytes(StandardCharsets.UTF_8))
                .signatures()
                .size()
            == 2;
  }

  @Test
  void shouldCosignEachOtherDenyWhileAloneAndRecover() throws Exception {
    final Side left = side("left", freePort());
    final Side right = side("right", freePort());
    try (RunningGateway one = start(left, right)) {
      try (RunningGateway two = start(right, left)) {
        Until.holds("both are cosigned", () -> cosigned(one) && cosigned(two));
        Until.holds("service", () -> status(one) == 200 && status(two) == 200);
        covered(one, left);
        exported(left);
      }
      alone(one, left);
      try (RunningGateway _ = start(right, left)) {
        Until.holds("service again", () -> status(one) == 200);
        Until.holds(
            "the alarm is over",
            () ->
                get(one, "/metrics").contains("sealgate_witness_stale 0.0")
                    && get(one, "/readyz").contains("\"witnessed\":true"));
      }
    }
  }

  private static void covered(final RunningGateway gateway, final Side side) throws Exception {
    Until.holds("all is cosigned", () -> gateway.verify().cosigned() > 0);
    final VerifyReport report = gateway.verify();
    assertTrue(report.ok(), report.toText());
    assertTrue(get(gateway, "/metrics").contains("sealgate_witness_cosigns{witness=\"right."));
    final ProcessGateway.Finished status =
        ProcessGateway.run(
            side.folder(),
            "witness",
            "status",
            "--config",
            side.folder().resolve("sealgate.yaml").toString());
    assertEquals(0, status.exit(), status.output());
    assertTrue(status.output().contains("are cosigned"), status.output());
  }

  /** An auditor sees the witness in the trust policy, and its cosignature is asked for. */
  private static void exported(final Side side) throws Exception {
    final Path out = side.folder().resolve("export");
    final String data = side.folder().resolve("data").toString();
    final ProcessGateway.Finished export =
        ProcessGateway.run(side.folder(), "log", "export", "--data", data, "--out", out.toString());
    assertEquals(0, export.exit(), export.output());
    assertTrue(Files.readString(out.resolve("trust-policy")).contains("witness right."));
    final VerifyOptions trust =
        VerifyOptions.of(TrustPolicy.read(out.resolve(LogVerifier.TRUST_FILE)));
    final VerifyReport report = LogVerifier.verifyExport(out, trust);
    assertTrue(report.ok() && report.cosigned() > 0, report.toText());
    try (var shards = Files.list(out).filter(Files::isDirectory)) {
      final Path head = shards.findFirst().orElseThrow().resolve("checkpoint");
      final SignedNote note = SignedNote.parse(Files.readAllBytes(head));
      Files.write(
          head, SignedNote.of(note.text(), List.of(note.signatures().getFirst())).toBytes());
    }
    assertEquals(VerifyExit.QUORUM, LogVerifier.verifyExport(out, trust).exit());
  }

  private static void alone(final RunningGateway gateway, final Side side) throws Exception {
    Until.holds(
        "denial",
        () -> {
          final HttpResponse<String> answer =
              gateway.post(RunningGateway.chat("loopback-1", "alone"));
          assertTrue(answer.statusCode() == 200 || answer.statusCode() == 503, answer.body());
          return answer.statusCode() == 503
              && answer.body().contains("witness_unavailable")
              && answer.body().contains("right.example.com/witness")
              && answer.headers().firstValue("x-sealgate-record").isPresent();
        });
    assertTrue(get(gateway, "/metrics").contains("sealgate_witness_stale 1.0"));
    final String ready = get(gateway, "/readyz");
    assertTrue(ready.startsWith("503 ") && ready.contains("\"witnessed\":false"), ready);
    final ProcessGateway.Finished doctor =
        ProcessGateway.run(
            side.folder(), "doctor", "--config", side.folder().resolve("sealgate.yaml").toString());
    assertTrue(
        doctor.output().lines().anyMatch(line -> line.matches("BAD +witnesses .*")),
        doctor.output());
  }

  @Test
  void shouldRefuseADamagedWitnessKeyAndMakeNoOther() throws Exception {
    final GatewayConfig one = config("one");
    final GatewayConfig other = config("other");
    final WitnessKeyFile made = WitnessKeyFile.of(one);
    assertEquals(made.vkey(), WitnessKeyFile.of(one).vkey());
    WitnessKeyFile.of(other);
    final Path key = one.data().resolve("secrets/witness-key");
    final List<String> lines = Files.readAllLines(key);
    final List<String> strange = Files.readAllLines(other.data().resolve("secrets/witness-key"));
    for (final String damaged :
        List.of("", "nonsense", lines.getFirst(), lines.getFirst() + "\n" + strange.getLast())) {
      Files.writeString(key, damaged + "\n");
      final GatewayException refused =
          assertThrows(GatewayException.class, () -> WitnessKeyFile.of(one));
      assertTrue(refused.getMessage().contains("is damaged; restore it"), refused.getMessage());
      assertFalse(refused.getMessage().contains(lines.getFirst()), "the key is not shown");
      assertEquals(damaged + "\n", Files.readString(key));
    }
    Files.writeString(key, String.join("\n", lines));
    assertEquals(made.vkey(), WitnessKeyFile.of(one).vkey());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThrows(GatewayException.class, () -> WitnessKeyFile.of(one));
  }

  private GatewayConfig config(final String name) throws Exception {
    final Path data = folder.resolve(name);
    new DataFolder(data).create();
    return GatewayConfig.defaults().withData(data);
  }

  @Test
  void shouldRefuseAnythingElseAtTheDoor() throws Exception {
    final KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
    pairs.initialize(new ECGenParameterSpec("secp256r1"));
    final Vkey log = Vkey.of("gw.example.com", pairs.generateKeyPair().getPublic());
    final int port = freePort();
    final GatewayConfig config =
        GatewayConfig.parse(
                "test",
                "witness-service: {enabled: true, port: %d, logs: [\"%s\"]}"
                    .formatted(port, log)
                    .getBytes(StandardCharsets.UTF_8))
            .withData(config("door").data());
    try (StateStore state = StateStore.open(folder.resolve("state"));
        WitnessDoor _ = WitnessDoor.start(config, state);
        HttpClient client = HttpClient.newHttpClient()) {
      final URI door = URI.create("http://127.0.0.1:" + port);
      for (final String path : List.of("/", "/checkpoint", "/00/checkpoint", "/add-checkpoint")) {
        assertEquals(404, status(client, HttpRequest.newBuilder(door.resolve(path))), path);
      }
      for (final byte[] body : List.of(new byte[0], new byte[1 << 17])) {
        assertEquals(
            400,
            status(
                client,
                HttpRequest.newBuilder(door.resolve("/add-checkpoint"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))));
      }
      assertThrows(GatewayException.class, () -> WitnessDoor.start(config, state), "port in use");
    }
  }

  private static int status(final HttpClient client, final HttpRequest.Builder request)
      throws Exception {
    return client.send(request.build(), BodyHandlers.discarding()).statusCode();
  }
}
