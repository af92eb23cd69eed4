package io.sealgate.gateway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.cli.Commands.Said;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.testkit.ProcessGateway;
import io.sealgate.gateway.testkit.ProcessGateway.Answer;
import io.sealgate.gateway.testkit.Until;
import io.sealgate.log.JcsReader;
import io.sealgate.log.search.SearchIndex;
import io.sealgate.log.search.SearchQuery;
import io.sealgate.log.store.LogReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
  void shouldShowCompareAndRollBackVersions() throws Exception {
    final long before = version(done("policy", "list", "--data", data).out());
    final Path file = folder.resolve("rolled.yaml");
    final String text =
        """
        policy_name: rolled
        rules:
          - {type: content_filter, id: words, keywords: [glockenspiel], action: block}
        """;
    Files.writeString(file, text);
    final long applied = version(done("policy", "apply", "--data", data, file.toString()).out());
    assertEquals(before + 1, applied);
    assertEquals(text, done("policy", "show", "--data", data, "rolled").out());
    assertEquals(
        Main.EXIT_NO,
        Commands.run("policy", "show", "--data", data, "rolled", "--version", before + "").exit());
    assertEquals(
        List.of("+ policy rolled", "+ rule rolled/words"),
        done("policy", "diff", "--data", data, before + "", applied + "").out().lines().toList());
    final Path changed = folder.resolve("changed.yaml");
    Files.writeString(changed, text.replace("block}", "redact}"));
    assertEquals(
        "~ rule rolled/words: action {\"action\":\"block\"} -> {\"action\":\"redact\"}",
        done("policy", "diff", file.toString(), changed.toString()).out().strip());
    Until.holds("the policy in force", () -> gateway.chat("a glockenspiel").status() == 403);
    final long rolled =
        version(done("policy", "rollback", "--data", data, "--to", before + "").out());
    assertEquals(applied + 1, rolled);
    assertEquals(200, gateway.chat("a glockenspiel").status());
    assertEquals("", done("policy", "diff", "--data", data, before + "", rolled + "").out());
    assertTrue(search("--kind", "event").contains("policy-rollback"));
    final Said none = Commands.run("policy", "rollback", "--data", data, "--to", "99999");
    assertEquals(Main.EXIT_NO, none.exit());
    assertTrue(none.err().contains("has no policy version 99999"), none.err());
    assertTrue(
        done("policy", "list", "--history", "--data", data)
            .out()
            .contains("\"version\":" + before));
  }

  @Test
  void shouldReplayAndExplainWhatWasDecided() throws Exception {
    final Answer answer = gateway.chat("mail ada@example.org about it");
    final String index = answer.record().orElseThrow().toString();
    final String record = done("audit", "show", "--json", "--data", data, index).out();
    final Map<?, ?> facts = (Map<?, ?>) ((Map<?, ?>) json(record).get("inputs")).get("facts");
    assertTrue(facts.containsKey("call.model"), record);
    assertFalse(record.contains("ada@example.org"), record);
    final Said all = Commands.run("policy", "replay", "--data", data);
    assertEquals(0, all.exit(), all.toString());
    assertTrue(all.out().contains(" same, 0 different"), all.out());
    assertFalse(all.out().startsWith("0 same"), all.out());
    final Said explained = done("policy", "explain", "--data", data, "--record", index);
    assertTrue(explained.out().contains("comes to the same verdict"), explained.out());
    final Path records = folder.resolve("records.jsonl");
    Files.writeString(records, record.strip() + "\n");
    final Path none = folder.resolve("none.yaml");
    Files.writeString(
        none,
        """
        policy_name: none
        rules:
          - {id: no, type: model_access, action: deny, models: ["*"]}
        """);
    final Said different =
        Commands.run(
            "policy", "replay", "--records", records.toString(), "--policies", none.toString());
    assertEquals(Main.EXIT_NO, different.exit(), different.toString());
    assertTrue(different.out().contains("records.jsonl:1: different: decision "), different.out());
    assertTrue(different.out().contains(" -> none/no"), different.out());
    assertTrue(different.out().contains("0 same, 1 different, 0 not replayable"), different.out());
    Files.writeString(
        records, record.strip().replaceAll("\"inputs\":.*,\"kind\"", "\"inputs\":null,\"kind\""));
    final Said lost =
        done("policy", "replay", "--records", records.toString(), "--policies", none.toString());
    assertTrue(lost.out().contains("not replayable: the record holds no inputs"), lost.out());
    assertTrue(lost.out().contains("0 same, 0 different, 1 not replayable"), lost.out());
  }

  @Test
  void shouldTakeASignedBundleOnceAndNoOther() throws Exception {
    final Path key = folder.resolve("bundle-key");
    final String vkey = done("policy", "bundle", "keygen", "--name", "owner", key.toString()).out();
    final Path policy = folder.resolve("bundled.yaml");
    Files.writeString(
        policy,
        """
        policy_name: bundled
        org: bundled-org
        rules:
          - {id: all, type: model_access, models: ["*"]}
        """);
    final Path bundle = folder.resolve("policies.bundle");
    build(key, "7", "2099-01-01T00:00:00Z", bundle, policy);
    final Path keys = gateway.data().resolve("policy-keys");
    final Said untrusted =
        Commands.run("policy", "bundle", "apply", "--data", data, bundle.toString());
    assertEquals(Main.EXIT_NO, untrusted.exit(), untrusted.toString());
    assertTrue(untrusted.err().contains("policy-keys"), untrusted.err());
    Files.writeString(keys, vkey);
    final String said =
        done("policy", "bundle", "verify", "--keys", keys.toString(), bundle.toString()).out();
    assertTrue(said.contains("version 7 of bundled-org, signed by owner"), said);
    final String applied =
        done("policy", "bundle", "apply", "--data", data, bundle.toString()).out();
    assertTrue(applied.contains("\"author\":\"owner\""), applied);
    final Path older = folder.resolve("older.bundle");
    build(key, "6", "2099-01-01T00:00:00Z", older, policy);
    final Path expired = folder.resolve("expired.bundle");
    build(key, "8", "2020-01-01T00:00:00Z", expired, policy);
    final Path flipped = folder.resolve("flipped.bundle");
    final byte[] bytes = Files.readAllBytes(bundle);
    bytes[bytes.length - 2] ^= 1;
    Files.write(flipped, bytes);
    for (final Map.Entry<Path, String> bad :
        Map.of(
                bundle, "not above 7",
                older, "not above 7",
                expired, "expired at 2020-01-01",
                flipped, "was changed")
            .entrySet()) {
      final Said refused =
          Commands.run("policy", "bundle", "apply", "--data", data, bad.getKey().toString());
      assertEquals(Main.EXIT_NO, refused.exit(), refused.toString());
      assertTrue(refused.err().contains(bad.getValue()), refused.err());
    }
    assertEquals(
        Main.EXIT_NO,
        Commands.run("policy", "bundle", "verify", "--keys", keys.toString(), flipped.toString())
            .exit());
    final Said list = done("policy", "list", "--data", data);
    assertTrue(list.out().contains("\"org\":\"bundled-org\""), list.out());
    assertTrue(
        list.out()
            .contains(
                "\"bundle\":{\"expired\":false,\"expires\":\"2099-01-01T00:00:00Z\",\"version\":7}"),
        list.out());
    assertTrue(list.out().contains("\"refused_bundle\":{\"at\":\""), list.out());
    final String events = search("--kind", "event");
    assertTrue(events.contains("policy-bundle-refused"), events);
    assertTrue(events.contains("not above 7"), events);
  }

  private static void build(
      final Path key,
      final String number,
      final String expires,
      final Path out,
      final Path policy) {
    done(
        "policy",
        "bundle",
        "build",
        "--key",
        key.toString(),
        "--number",
        number,
        "--expires",
        expires,
        "--out",
        out.toString(),
        policy.toString());
  }

  private static long version(final String listed) throws IOException {
    final List<?> versions = (List<?>) json(listed).get("policies");
    return ((Number) ((Map<?, ?>) versions.getFirst()).get("version")).longValue();
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
  void shouldShowADecisionInOtherFormsAndProveIt() throws Exception {
    final Answer answer = gateway.chat("evidence for others");
    final String index = answer.record().orElseThrow().toString();
    final String view =
        done("audit", "show", "--view", "decision", "--data", data, index).out().strip();
    assertTrue(view.startsWith("{\"decision\":\"allow\",\"policy\":\""), view);
    assertTrue(view.endsWith("\"request_id\":\"" + answer.requestId() + "\"}"), view);
    final Map<?, ?> event =
        json(done("audit", "show", "--view", "ocsf", "--data", data, index).out());
    assertEquals("1.9.0", ((Map<?, ?>) event.get("metadata")).get("version"));
    assertEquals(
        done("audit", "show", "--json", "--data", data, index).out().strip(),
        event.get("raw_data"));
    final Path proof = folder.resolve("one.tlog-proof");
    final String printed = done("log", "prove", "--data", data, index).out();
    assertTrue(printed.startsWith("c2sp.org/tlog-proof@v1\nindex " + index + "\n"), printed);
    done("log", "prove", "--data", data, "--out", proof.toString(), index);
    final String trust = gateway.data() + "/log/trust";
    done("verify", "--proof", proof.toString(), "--trust", trust);
    Files.writeString(folder.resolve("one.tlog-proof.record"), "{}");
    assertEquals(16, Commands.run("verify", "--proof", proof.toString(), "--trust", trust).exit());
    final Said beyond = Commands.run("log", "prove", "--data", data, "1000000");
    assertEquals(Main.EXIT_MISSING, beyond.exit());
    assertTrue(beyond.err().contains("there is no record 1000000"), beyond.err());
  }

  @Test
  void shouldVerifyTheTilesThatTheGatewayServes() throws Exception {
    assertEquals(200, gateway.chat("evidence").status());
    final String trust = gateway.data() + "/log/trust";
    final String url = gateway.ready("admin") + "/log";
    final Map<?, ?> report = json(done("verify", "--json", "--url", url, "--trust", trust).out());
    assertTrue(((Number) report.get("records")).longValue() > 1, report.toString());
    final Said refused =
        Commands.run("verify", "--url", "http://127.0.0.1:1/log", "--trust", trust);
    assertEquals(Main.EXIT_MISSING, refused.exit());
    assertTrue(refused.err().contains("check the URL"), refused.err());
    assertEquals(2, Commands.run("verify", "--url", "x", "--proof", "y").exit());
    final String nowhere = folder.resolve("nowhere").toString();
    assertEquals(
        2,
        Commands.run("log", "export", "--data", data, "--out", nowhere, "--to", "yesterday")
            .exit());
    assertEquals(
        Main.EXIT_MISSING,
        Commands.run("log", "export", "--data", data, "--out", nowhere, "--to", "2020-01-01")
            .exit());
  }

  @Test
  void shouldFindRecordsByWhoAndWhat() throws Exception {
    final Answer before = gateway.chat("to be found");
    assertEquals(200, before.status());
    final String found = search("--verdict", "allow", "--kind", "decision");
    assertTrue(found.contains(before.requestId()), found);
    for (final String line : found.lines().toList()) {
      final Map<?, ?> record = (Map<?, ?>) json(line).get("record");
      assertEquals("allow", record.get("decision"), line);
      assertEquals("decision", record.get("kind"), line);
    }
    final Answer after = gateway.chat("to be found by a search that comes later");
    assertTrue(search("--limit", "2").contains(after.requestId()), "the index follows the log");
    assertEquals("", search("--user", "nobody"));
    assertEquals("", search("--to", "2020-01-01"));
    final Said noTime = Commands.run("audit", "search", "--data", data, "--from", "yesterday");
    assertEquals(2, noTime.exit(), noTime.toString());
    assertTrue(noTime.err().contains("2026-11-21T10:00:00Z"), noTime.err());
  }

  @Test
  void shouldKeepTheIndexCloseBehindTheLogWhenNobodySearches() throws Exception {
    final String sought = gateway.chat("to be indexed unasked").requestId();
    final SearchQuery newest = new SearchQuery(Long.MIN_VALUE, Long.MAX_VALUE, Map.of(), 10);
    final DataFolder files = new DataFolder(Path.of(data));
    Until.holds(
        "the gateway indexed the call",
        () -> {
          final StringBuilder found = new StringBuilder();
          try (LogReader log = LogReader.open(files.log());
              SearchIndex index = SearchIndex.open(files.state(SearchIndex.FOLDER))) {
            index.search(
                log, newest, (shard, at, record) -> found.append(new String(record, UTF_8)));
          }
          return found.indexOf(sought) >= 0;
        });
  }

  private static String search(final String... options) {
    final List<String> arguments = new ArrayList<>(List.of("audit", "search", "--data", data));
    arguments.add("--json");
    arguments.addAll(List.of(options));
    return done(arguments.toArray(String[]::new)).out();
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
    return (Map<?, ?>) JcsReader.parse(text.strip().getBytes(UTF_8));
  }
}
