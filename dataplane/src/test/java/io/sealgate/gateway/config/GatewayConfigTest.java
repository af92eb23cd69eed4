package io.sealgate.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.find.PhoneRegions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GatewayConfigTest {
  private static final String FILE = "sealgate.yaml";

  @TempDir Path directory;

  @Test
  void shouldMeanACompleteLocalGatewayWhenTheFileIsEmpty() {
    final GatewayConfig config = GatewayConfig.defaults();
    assertEquals(Transport.IO_URING, config.transport());
    assertTrue(config.cores().auto());
    assertEquals(new ListenConfig.Listener(true, "127.0.0.1", 8080), config.listen().http());
    assertEquals(new ListenConfig.Listener(true, "127.0.0.1", 8443), config.listen().https());
    assertEquals(new ListenConfig.AdminListener("127.0.0.1", 9090), config.listen().admin());
    assertEquals(10_485_760, config.limits().bodyBytesMax());
    assertEquals(PhoneRegions.builtIn().codes(), config.classifier().phoneRegions());
    assertEquals(List.of(), config.upstreams());
    assertTrue(config.loopback().serves("loopback-1"));
    assertTrue(config.loopback().serves("loopback-1:cut"));
    assertFalse(config.loopback().serves("loopback-10"));
    assertEquals(500_000, config.loopback().pricePerMillionTokens().inputMicrodollars());
    assertEquals(1_500_000, config.loopback().pricePerMillionTokens().outputMicrodollars());
    assertEquals(Path.of("./var/secrets/admin-token"), config.adminTokenFile());
    assertEquals(config, parse("# only a comment\n"));
  }

  @Test
  void shouldReadEveryKindOfValueWhenGiven() {
    final GatewayConfig config =
        parse(
            """
            data: /srv/sealgate
            transport: epoll
            cores: [2, 3]
            listen:
              http: {enabled: false}
              https: {address: "::", port: 443}
            upstreams:
              - name: provider
                base-url: https://models.example/v1/
                credential-file: /etc/credential
                models: [big, "small-*"]
                price-per-million-tokens: {input: 2.5, output: 0.075}
            signer:
              key-type: ed25519
              supervise: false
              aeron-dir: /run/sealgate/aeron
            """);
    assertEquals(Transport.EPOLL, config.transport());
    assertEquals(List.of(2, 3), config.cores().ids());
    assertEquals(new ListenConfig.Listener(false, "127.0.0.1", 8080), config.listen().http());
    assertEquals(new ListenConfig.Listener(true, "::", 443), config.listen().https());
    final UpstreamConfig upstream = config.upstreams().getFirst();
    assertEquals(URI.create("https://models.example/v1"), upstream.baseUrl());
    assertEquals(Optional.of(Path.of("/etc/credential")), upstream.credentialFile());
    assertTrue(upstream.serves("small-2"));
    assertFalse(upstream.serves("Big"));
    assertEquals(2_500_000, upstream.pricePerMillionTokens().inputMicrodollars());
    assertEquals(75_000, upstream.pricePerMillionTokens().outputMicrodollars());
    assertEquals(SignerConfig.KeyType.ED25519, config.signer().keyType());
    assertFalse(config.signer().supervise());
    assertEquals(Path.of("/run/sealgate/aeron"), config.aeronDirectory());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "bodies: 1                                  | 1 | bodies | known here: data, transport",
        "data: a\\n"
            + "limits:\\n"
            + "  body-max: 1          | 3 | limits.body-max | known here: body-bytes-max",
        "data: a\\ndata: b                          | 2 | data | first on line 1",
        "transport: aio                             | 1 | transport | one of io_uring, epoll",
        "limits:\\n"
            + "  json-depth-max: 5000           | 2 | limits.json-depth-max | 8 to 1024, not"
            + " '5000'",
        "classifier:\\n"
            + "  phone-regions: [GB, XX]        | 2 | classifier.phone-regions | region 'XX' is"
            + " unknown",
        "limits:\\n  json-depth-max: 1e2            | 2 | limits.json-depth-max | whole number",
        "limits:\\n  json-depth-max: '64'           | 2 | limits.json-depth-max | whole number",
        "limits:\\n"
            + "  json-depth-max: 99999999999999999999 | 2 | limits.json-depth-max | whole number",
        "limits:\\n  json-depth-max:                | 2 | limits.json-depth-max | has no value",
        "limits: 5                                  | 1 | limits | must be a section",
        "limits: [a]                                | 1 | limits | must be a section",
        "data: [a]                                  | 1 | data | single value",
        "data: ''                                   | 1 | data | 1 to",
        "cores: []                                  | 1 | cores | auto or a list",
        "cores: [0,\\n 0]                           | 2 | cores | twice",
        "cores: [-1]                                | 1 | cores | from 0",
        "loopback:\\n  enabled: yes                 | 2 | loopback.enabled | true or false",
        "loopback:\\n  models: []                   | 2 | loopback.models | 1 to 64 elements",
        "loopback:\\n  models: ['']                 | 2 | loopback.models[0] | 1 to 256",
        "loopback:\\n"
            + "  price-per-million-tokens:\\n"
            + "    input: 1e3 | 3 | loopback.price-per-million-tokens.input | must be a price",
        "loopback:\\n"
            + "  price-per-million-tokens: {input: 0.0000001} | 2 |"
            + " loopback.price-per-million-tokens.input | 6 decimals",
        "listen:\\n  http: {port: 70000}            | 2 | listen.http.port | 0 to 65535",
        "listen:\\n"
            + "  http:\\n"
            + "    port: 9000\\n"
            + "  admin:\\n"
            + "    port: 9000 | 5 | listen.admin.port | also listen.http's",
        "listen:\\n  http: {enabled: false}\\n  https: {enabled: false} | 2 | listen | enable one",
        "listen:\\n  admin:\\n    address: localhost | 3 | listen.admin.address | IP address",
        "tls:\\n  mode: pem\\n  certificate: c      | 2 | tls.private-key | needs it",
        "tls:\\n  mode: pkcs11                      | 2 | tls.pkcs11.module | needs it",
        "tls:\\n"
            + "  keystore: k                       | 2 | tls.keystore | no meaning with tls.mode"
            + " development",
        "upstreams:\\n  - name: a                   | 2 | upstreams[0].base-url | is missing",
        "upstreams: {}                              | 1 | upstreams | must be a list",
        "upstreams:\\n  -                           | 2 | upstreams[0] | has no value",
        "signer:\\n  log-name: a+b                  | 2 | signer.log-name | letters",
        "signer:\\n"
            + "  sign-deadline-ms: 5000         | 2 | signer.sign-deadline-ms | less than"
            + " limits.seal-deadline-ms",
        "witnesses:\\n"
            + "  ask: [{url: 'http://w', vkey: w}] | 2 | witnesses.ask[0].vkey | no verifier key",
        "witnesses:\\n  quorum: 0                    | 2 | witnesses.quorum | 1 to 16",
        "witnesses:\\n"
            + "  deny-when-stale: true          | 2 | witnesses.deny-when-stale | set"
            + " witnesses.ask",
        "witness-service:\\n  enabled: true         | 2 | witness-service.logs | names no log",
        "witness-service:\\n  address: here         | 2 | witness-service.address | IP address",
        "witness-service:\\n"
            + "  logs: [x]                      | 2 | witness-service.logs[0] | no verifier key",
        "bootstrap:\\n  use-case: a b               | 2 | bootstrap.use-case | letters",
        "data: &a x                                 | 1 | `` | anchors",
        "data: a\\ntransport: *b                    | 2 | `` | a",
        "data: a\\n---\\ndata: b                    | 2 | `` | not YAML",
        "data: a\\n bad: [                          | 2 | `` | not YAML",
        "? [a]\\n: b                                | 1 | `` | not a known key",
        "- a                                        | 1 | `` | must be a section",
      })
  void shouldNameLineKeyAndWayOutWhenTheFileIsWrong(
      final String yaml, final int line, final String key, final String reason) {
    final ConfigException failure =
        assertThrows(ConfigException.class, () -> parse(yaml.replace("\\n", "\n")));
    assertEquals(line, failure.line(), failure.getMessage());
    assertEquals(key, failure.key(), failure.getMessage());
    assertTrue(failure.reason().contains(reason), failure.getMessage());
    assertTrue(failure.getMessage().startsWith(FILE + ":" + line + ": "), failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://a/v1, base-url, http or https",
    "https://user@a/v1, base-url, without user",
    "https://a/v1?k=v, base-url, query",
    "'https://a b', base-url, http or https",
    "'https://', base-url, http or https",
  })
  void shouldRefuseABaseUrlWhenItIsNotOne(final String url, final String key, final String reason) {
    final ConfigException failure =
        assertThrows(
            ConfigException.class,
            () ->
                parse("upstreams:\n  - name: a\n    models: [m]\n    base-url: \"" + url + "\"\n"));
    assertEquals(4, failure.line());
    assertEquals("upstreams[0]." + key, failure.key());
    assertTrue(failure.reason().contains(reason), failure.getMessage());
    assertFalse(failure.getMessage().contains("user@"), failure.getMessage());
  }

  @Test
  void shouldNameTheSecondUpstreamWhenAModelIsServedTwice() {
    final ConfigException failure =
        assertThrows(
            ConfigException.class,
            () ->
                parse(
                    """
                    loopback: {enabled: false}
                    upstreams:
                      - {name: a, base-url: "http://a", models: [x, "gpt-*"]}
                      - name: b
                        base-url: http://b
                        models:
                          - y
                          - "*-mini"
                    """));
    assertEquals(8, failure.line());
    assertEquals("upstreams[1].models[1]", failure.key());
    assertTrue(
        failure.reason().contains("already served as gpt-* by upstreams[0]"), failure.reason());
  }

  @Test
  void shouldRefuseAModelOfTheLoopbackWhenItIsSwitchedOn() {
    final String upstream = "upstreams: [{name: a, base-url: 'http://a', models: ['*']}]\n";
    assertThrows(ConfigException.class, () -> parse(upstream));
    assertTrue(parse(upstream + "loopback: {enabled: false}").upstreams().getFirst().serves("any"));
  }

  @Test
  void shouldTakeTheDefaultsWhenASectionIsEmpty() {
    assertEquals(GatewayConfig.defaults(), parse("limits:\nlisten:\n  https:\n"));
  }

  @Test
  void shouldRefuseTwoUpstreamsWhenTheyShareAName() {
    final ConfigException failure =
        assertThrows(
            ConfigException.class,
            () ->
                parse(
                    """
                    upstreams:
                      - {name: a, base-url: "http://a", models: [x]}
                      - {name: a, base-url: "http://b", models: [y]}
                    """));
    assertEquals(3, failure.line());
    assertEquals("upstreams[1].name", failure.key());
  }

  @Test
  void shouldSayHowToWriteAFileWhenThereIsNone() {
    final Path absent = directory.resolve("absent.yaml");
    final ConfigException failure =
        assertThrows(ConfigException.class, () -> GatewayConfig.load(absent));
    assertTrue(failure.getMessage().contains("run --print-config > " + absent));
  }

  @Test
  void shouldRefuseAFileWhenItIsNotUtf8OrTooLarge() throws IOException {
    final Path file = directory.resolve(FILE);
    Files.write(file, new byte[] {'d', ':', ' ', (byte) 0xff});
    assertTrue(
        assertThrows(ConfigException.class, () -> GatewayConfig.load(file))
            .getMessage()
            .contains("not UTF-8"));
    Files.write(file, new byte[(1 << 20) + 1]);
    assertTrue(
        assertThrows(ConfigException.class, () -> GatewayConfig.load(file))
            .getMessage()
            .contains("at most"));
  }

  @Test
  void shouldReadTheAppliancesFileWhenItIsShipped() {
    final GatewayConfig config =
        GatewayConfig.load(Path.of("../appliance-image/src/main/dist/etc/sealgate.yaml"));
    assertFalse(config.signer().supervise());
    assertFalse(config.loopback().enabled());
    assertEquals(TlsConfig.Mode.PEM, config.tls().mode());
    assertEquals(Path.of("/run/sealgate/aeron"), config.aeronDirectory());
  }

  @Test
  void shouldMeetInOneDirectoryWhenTheDataDirectoryIsReachedBySeveralNames() throws IOException {
    final Path data = Files.createDirectory(directory.resolve("data"));
    final Path link = Files.createSymbolicLink(directory.resolve("link"), data);
    final GatewayConfig config = GatewayConfig.defaults();
    final Path meeting = config.withData(data).aeronDirectory();
    assertTrue(meeting.startsWith("/dev/shm"));
    assertEquals(meeting, config.withData(link).aeronDirectory());
    assertEquals(meeting, config.withData(directory.resolve("./data/../data")).aeronDirectory());
    assertNotEquals(meeting, config.withData(directory.resolve("other")).aeronDirectory());
    final Path later = data.resolve("a/b");
    final Path before = config.withData(link.resolve("a/b")).aeronDirectory();
    Files.createDirectories(later);
    assertEquals(before, config.withData(later).aeronDirectory());
  }

  private static GatewayConfig parse(final String yaml) {
    return GatewayConfig.parse(FILE, yaml.getBytes(StandardCharsets.UTF_8));
  }
}
