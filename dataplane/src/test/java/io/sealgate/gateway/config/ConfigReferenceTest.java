package io.sealgate.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ConfigReferenceTest {
  @Test
  void shouldReadBackToTheDefaultsWhenPrinted() {
    assertEquals(GatewayConfig.defaults(), parse(ConfigReference.print()));
  }

  @Test
  void shouldReadBackToTheSameConfigurationWhenEveryKeyIsChosen() {
    final GatewayConfig config =
        parse(
            """
            data: "a b: #c \\"d\\" \\\\"
            cores: [7, 3]
            tls: {mode: pkcs11, certificate: "-x", pkcs11: {module: /m, token: "1", pin-file: "true", alias: "null"}}
            limits: {body-bytes-max: 4096}
            upstreams:
              - {name: a, base-url: "https://a/v1", models: ["*a", "b*"], tls-ca: ca.pem}
              - {name: b-2, base-url: "http://[::1]:9/x", models: ["1", "c,d"], price-per-million-tokens: {input: 0.000001}}
            loopback: {models: [only], received-log: /tmp/x.jsonl}
            signer: {token-label: "Jürgens Token", pin-file: /p, aeron-dir: /d}
            admin: {token-file: .inf}
            """);
    assertEquals(config, parse(ConfigReference.print(config)));
  }

  @Test
  void shouldReadBackWhenTheCommentedExampleIsUncommented() {
    final List<String> lines = ConfigReference.print().lines().toList();
    final int start = lines.indexOf("# upstreams:");
    final int end = lines.indexOf("upstreams: []");
    assertTrue(start > 0 && end > start);
    final String example =
        lines.subList(start, end).stream()
            .map(line -> line.substring(2))
            .collect(Collectors.joining("\n"));
    final UpstreamConfig upstream = parse(example).upstreams().getFirst();
    assertEquals("openai", upstream.name());
    assertTrue(upstream.tlsCa().isPresent());
    assertTrue(upstream.serves("gpt-5-mini"));
  }

  @Test
  void shouldCommentEveryKeyWithinTheMarginWhenPrinted() {
    final List<String> lines = ConfigReference.print().lines().toList();
    for (int i = 1; i < lines.size(); i++) {
      final String line = lines.get(i).strip();
      assertTrue(lines.get(i).length() <= 100, line);
      if (line.matches("[a-z0-9-]+:.*")) {
        assertTrue(lines.get(i - 1).strip().startsWith("#"), line);
      }
    }
  }

  private static GatewayConfig parse(final String yaml) {
    return GatewayConfig.parse("printed.yaml", yaml.getBytes(StandardCharsets.UTF_8));
  }
}
