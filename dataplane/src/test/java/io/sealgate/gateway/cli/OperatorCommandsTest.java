package io.sealgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.cli.Commands.Said;
import io.sealgate.gateway.testkit.ProcessGateway;
import io.sealgate.gateway.testkit.ProcessGateway.Answer;
import io.sealgate.gateway.testkit.Until;
import io.sealgate.log.JcsReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators and auditors do with a gateway that runs. */
class OperatorCommandsTest {
  @TempDir private static Path folder;
  private static ProcessGateway gateway;
  private static String data;

  @BeforeAll
  static void start() throws IOException {
    gateway = ProcessGateway.start(folder);
    data = gateway.data().toString();
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  void shouldKeepTheOldPolicyWhenTheNewOneIsBroken() throws Exception {
    final Path file = folder.resolve("broken.yaml");
    Files.writeString(
        file,
        """
        policy_name: sample-models
        environment: "*"
        rules:
          - type: model_access
            id: none
            modles: ["nothing"]
        """);
    final Said before = done("policy", "list", "--data", data);
    for (final String verb : List.of("check", "apply")) {
      final Said refused =
          verb.equals("apply")
              ? Commands.run("policy", verb, "--data", data, file.toString())
              : Commands.run("policy", verb, file.toString());
      assertEquals(Main.EXIT_NO, refused.exit(), refused.toString());
      assertTrue(refused.err().contains(file + ":6"), refused.err());
      assertTrue(refused.err().contains("modles"), refused.err());
      assertTrue(refused.err().contains("models"), "the way out: " + refused.err());
      assertFalse(refused.err().contains("\tat "), refused.err());
    }
    assertEquals(before.out(), done("policy", "list", "--data", data).out());
    assertEquals(200, gateway.chat("the old policy").status());
  }

  @Test
  void shouldPutAPolicyInForceAndTakeItOut() throws Exception {
    final Path file = folder.resolve("words.yaml");
    Files.writeString(
        file,
        """
        policy_name: words
        environment: "*"
        rules:
          - type: content_filter
            id: words
            keywords: [xylophone]
            action: block
        """);
    assertEquals(200, gateway.chat("a xylophone").status());
    done("policy", "check", file.toString());
    done("policy", "apply", "--data", data, file.toString());
    Until.holds("the policy in force", () -> gateway.chat("a xylophone").status() == 403);
    done("policy", "remove", "--data", data, "words");
    Until.holds("the policy out of force", () -> gateway.chat("a xylophone").status() == 200);
  }

  @Test
  void shouldServeAKeyUntilItIsRevoked() throws Exception {
    final Map<?, ?> issued =
        json(done("apikey", "create", "--data", data, "--user", "ada", "--team", "engines").out());
    final String key = (String) issued.get("key");
    final String id = (String) issued.get("id");
    assertEquals("ada", issued.get("user"));
    assertEquals("engines", issued.get("team"));
    final String listed = done("apikey", "list", "--data", data).out();
    assertTrue(listed.contains(id), listed);
    assertFalse(listed.contains(key), "a list shows no secrets");
    final Answer answer = gateway.chat(key, "mine");
    assertEquals(200, answer.status(), answer.toString());
    final Map<?, ?> record =
        json(
            done("audit", "show", "--json", "--data", data, answer.record().orElseThrow() + "")
                .out());
    assertEquals("ada", ((Map<?, ?>) record.get("caller")).get("user"));
    done("apikey", "revoke", "--data", data, id);
    final Answer refused = gateway.chat(key, "mine");
    assertTrue(refused.refused(401, "invalid_api_key"), refused.toString());
    assertEquals(Main.EXIT_NO, Commands.run("apikey", "revoke", "--data", data, "nobody").exit());
  }

  @Test
  void shouldShowTheRecordOfACall() throws Exception {
    final Answer answer = gateway.chat("not to be seen in the log");
    final String index = answer.record().orElseThrow().toString();
    final String shown = done("audit", "show", "--json", "--data", data, index).out();
    assertEquals(answer.requestId(), json(shown).get("request_id"));
    assertFalse(shown.contains("not to be seen"), shown);
    assertTrue(done("audit", "show", "--data", data, index).out().contains(answer.requestId()));
    final String tail = done("audit", "tail", "-n", "50", "--json", "--data", data).out();
    assertTrue(tail.contains(shown.strip()), tail);
    for (final String line : tail.lines().toList()) {
      json(line);
    }
    assertTrue(
        done("audit", "tail", "-n", "50", "--data", data).out().contains(answer.requestId()));
    final Said beyond = Commands.run("audit", "show", "--data", data, "1000000");
    assertEquals(Main.EXIT_MISSING, beyond.exit());
    assertTrue(beyond.err().contains("there is no record 1000000"), beyond.err());
  }

  @Test
  void shouldProveTheLogAndItsExportAndNameWhatWasTamperedWith() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertEquals(200, gateway.chat("evidence").status());
    }
    final Map<?, ?> report = json(done("verify", "--json", "--data", data).out());
    assertEquals(true, report.get("ok"));
    assertEquals(0L, ((Number) report.get("notCanonical")).longValue());
    final Path out = folder.resolve("export");
    done("log", "export", "--data", data, "--out", out.toString());
    done("verify", "--export", out.toString());
    done("verify", "--export", out.toString(), "--trust", gateway.data() + "/log/trust");
    final int bad = tamperWithSecondRecord(out);
    final Said tampered = Commands.run("verify", "--json", "--export", out.toString());
    assertEquals(Main.EXIT_NO, tampered.exit(), tampered.toString());
    assertEquals(false, json(tampered.out()).get("ok"));
    assertEquals(bad, ((Number) json(tampered.out()).get("firstBadIndex")).intValue());
    assertTrue(
        Commands.run("verify", "--export", out.toString())
            .out()
            .contains("first bad index " + bad));
  }

  /** Changes one byte of record 1 in the first bundle. */
  private static int tamperWithSecondRecord(final Path export) throws IOException {
    final Path bundle;
    try (Stream<Path> files = Files.walk(export)) {
      bundle =
          files
              .filter(Files::isRegularFile)
              .filter(file -> file.toString().contains("/tile/entries/000"))
              .findFirst()
              .orElseThrow();
    }
    final byte[] bytes = Files.readAllBytes(bundle);
    final int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
    final int insideSecond = 2 + first + 2 + 10;
    bytes[insideSecond] ^= 1;
    Files.write(bundle, bytes);
    return 1;
  }

  @Test
  void shouldSayHowToStartOneWhenNoGatewayRuns(@TempDir final Path empty) {
    final Said said = Commands.run("policy", "list", "--data", empty.toString());
    assertEquals(Main.EXIT_MISSING, said.exit());
    assertTrue(said.err().contains("sealgate run --data " + empty), said.err());
  }

  private static Said done(final String... arguments) {
    final Said said = Commands.run(arguments);
    assertEquals(0, said.exit(), () -> List.of(arguments) + ": " + said);
    return said;
  }

  private static Map<?, ?> json(final String text) throws IOException {
    return (Map<?, ?>) JcsReader.parse(text.strip().getBytes(StandardCharsets.UTF_8));
  }
}
