package io.sealgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.cli.Commands.Said;
import io.sealgate.gateway.testkit.RunningGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An exemption is in force only while an approver whom the organisation trusts has signed it. */
class ExemptionTest {
  private static final String ORG = "local";
  private static final String LATER = "2098-01-01T00:00:00Z";
  private static final String YAML =
      """
      # Asked for by the zoo.
      kind: exemption
      name: zoo
      org: local
      rule: words/no-unicorns
      category: waiver
      approver: alice
      reason: it keeps one
      expires: 2090-01-01T00:00:00Z
      """;
  private static final String JSON =
      """
      {"kind": "exemption", "name": "zoo", "org": "local", "rule": "words/no-unicorns",
       "category": "waiver", "approver": "alice", "reason": "it keeps one",
       "expires": "2090-01-01T00:00:00Z"}
      """;
  private static final String WORDS =
      """
      policy_name: words
      rules:
        - {type: content_filter, id: no-unicorns, keywords: [unicorn], action: block}
      """;
  private static final String CALL = RunningGateway.chat("loopback-1", "the unicorn eats");

  @TempDir private Path folder;
  private Path exemption;
  private Path words;
  private Path approvers;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectory(folder.resolve("data"));
    exemption = Files.writeString(folder.resolve("zoo.yaml"), YAML);
    words = Files.writeString(folder.resolve("words.yaml"), WORDS);
    approvers = folder.resolve("data").resolve("approver-keys");
  }

  /** Makes a key; returns its verifier key. */
  private String keygen(final String file, final String name, final String type) {
    final String path = folder.resolve(file).toString();
    final Said said =
        Commands.run("policy", "bundle", "keygen", "--name", name, "--type", type, path);
    assertEquals(0, said.exit(), said::toString);
    return said.out().strip();
  }

  private void trust(final String vkey, final String expires, final String org) throws IOException {
    Files.writeString(approvers, "# approvers\n\n" + vkey + " " + expires + " " + org + "\n");
  }

  private Said sign(final String key, final Path file) {
    return Commands.run("policy", "sign", "--key", folder.resolve(key).toString(), file.toString());
  }

  private Said check() {
    return Commands.run(
        "policy",
        "check",
        "--approvers",
        approvers.toString(),
        "--org",
        ORG,
        words.toString(),
        exemption.toString());
  }

  private static void refused(final String why, final Said said) {
    assertNotEquals(0, said.exit(), said::toString);
    assertTrue(said.err().contains(why), said::toString);
  }

  @ParameterizedTest
  @CsvSource({"ed25519, yaml", "ed25519, json", "p256, yaml", "p256, json"})
  void shouldAcceptWhatAnApproverSignedAndNothingElse(final String type, final String form)
      throws IOException {
    final String vkey = keygen("alice", "alice", type);
    final String text = form.equals("json") ? JSON : YAML;
    Files.writeString(exemption, text);
    trust(vkey, LATER, ORG);
    refused("zoo.yaml", check());
    refused("the exemption is not signed", check());
    refused(
        "the exemption is not signed",
        Commands.run("policy", "check", words.toString(), exemption.toString()));
    assertEquals(0, sign("alice", exemption).exit());
    assertEquals(0, check().exit(), () -> check().toString());
    final Said offline = Commands.run("policy", "check", words.toString(), exemption.toString());
    assertEquals(0, offline.exit(), offline::toString);
    assertTrue(offline.err().contains("the signature was not checked"), offline::toString);
    final String signed = Files.readString(exemption);
    assertTrue(signed.startsWith(text.stripTrailing().replaceFirst("}$", "")), signed);
    refused("the exemption has a signature", sign("alice", exemption));

    for (final String[] change :
        new String[][] {
          {"it keeps one", "it keeps two"}, {"2090-01", "2091-01"}, {"waiver", "mitigated"}
        }) {
      Files.writeString(exemption, signed.replace(change[0], change[1]));
      refused("is not alice's over this exemption", check());
    }
    Files.writeString(exemption, signed.replaceFirst("(signature\"?: \"?)..", "$1AA"));
    refused("is not alice's over this exemption", check());
    Files.writeString(exemption, signed.replaceFirst("(signature\"?: \"?)..", "$1?"));
    refused("has no form that could be signed", check());
    Files.writeString(exemption, signed);

    trust(keygen("other", "alice", type), LATER, ORG);
    refused("is not alice's over this exemption", check());
    trust(keygen("bob", "bob", type), LATER, ORG);
    refused("'alice' is no approver of organisation local", check());
    trust(vkey, LATER, "elsewhere");
    refused("'alice' is no approver of organisation local", check());
    trust(vkey, "2020-01-01T00:00:00Z", ORG);
    refused("the exemption outlives its approver's key", check());
    Files.writeString(approvers, vkey + " never local\n");
    refused("approver-keys:1: the key expires at no moment", check());
    Files.writeString(
        approvers, vkey.replaceFirst("\\+.{8}\\+", "+00000000+") + " " + LATER + " local\n");
    refused("approver-keys:1: the key id does not belong to the key", check());
  }

  @Test
  void shouldRefuseAnExpiredKeyThoughTheExemptionEndsBefore() throws IOException {
    trust(keygen("alice", "alice", "ed25519"), "2021-01-01T00:00:00Z", ORG);
    Files.writeString(exemption, YAML.replace("2090", "2020"));
    assertEquals(0, sign("alice", exemption).exit());
    refused("the key of alice expired at 2021-01-01T00:00:00Z", check());
  }

  @Test
  void shouldNotSignWhatIsNotTheApproversToSign() throws IOException {
    keygen("alice", "alice", "ed25519");
    keygen("bob", "bob", "p256");
    refused("its approver is 'alice', the key is bob's", sign("bob", exemption));
    refused("words.yaml is no exemption", sign("alice", words));
    Files.writeString(exemption, YAML.replace("org: local\n", ""));
    refused("'org' is missing", sign("alice", exemption));
    Files.writeString(exemption, YAML + "...\n");
    refused("cannot take a line at its end", sign("alice", exemption));
    assertEquals(YAML + "...\n", Files.readString(exemption), "what is not signed is not changed");
    Files.writeString(exemption, YAML);
    Files.copy(
        folder.resolve("bob.pub"),
        folder.resolve("alice.pub"),
        StandardCopyOption.REPLACE_EXISTING);
    refused("holds no signing key", sign("alice", exemption));
    final String other = keygen("alice2", "alice", "ed25519");
    keygen("alice3", "alice", "ed25519");
    Files.writeString(folder.resolve("alice3.pub"), other);
    refused("is not the public half of", sign("alice3", exemption));
  }

  @Test
  void shouldLiftTheRuleOnlyWhileItsApproverIsTrusted() throws Exception {
    final String alice = keygen("alice", "alice", "p256");
    try (RunningGateway gateway = RunningGateway.start(folder, "")) {
      gateway.applyPolicy(WORDS);
      assertEquals(403, gateway.post(CALL).statusCode());
      final String unsigned = Files.readString(exemption);
      refusedByGateway("the exemption is not signed", gateway, unsigned);
      assertEquals(0, sign("alice", exemption).exit());
      final String signed = Files.readString(exemption);
      refusedByGateway("is no approver of organisation local", gateway, signed);
      assertEquals(403, gateway.post(CALL).statusCode(), "what was refused lifts nothing");
      trust(alice, LATER, ORG);
      refusedByGateway("over this exemption", gateway, signed.replace("keeps one", "keeps two"));
      gateway.applyPolicy(signed);
      final HttpResponse<String> lifted = gateway.post(CALL);
      assertEquals(200, lifted.statusCode(), lifted.body());
      final Map<?, ?> record =
          gateway.decision(lifted.headers().firstValue("x-sealgate-request-id").orElseThrow());
      assertEquals(
          List.of("words/no-unicorns by zoo"), ((Map<?, ?>) record.get("policy")).get("exempted"));
      final List<Map<?, ?>> events =
          gateway.records().stream()
              .filter(one -> "policy-exemption".equals(one.get("event")))
              .toList();
      assertEquals(1, events.size(), "only what was approved is sealed as approved");
      assertEquals("local/zoo", events.getFirst().get("subject"));
      final String detail = (String) events.getFirst().get("detail");
      assertTrue(
          detail.startsWith(
              "from words/no-unicorns, approved by alice until 2090-01-01T00:00:00Z, sha256:"),
          detail);

      final Said coverage =
          Commands.run(
              "policy",
              "coverage",
              "--org",
              ORG,
              "--data",
              folder.resolve("data").toString(),
              words.toString(),
              exemption.toString());
      assertEquals(0, coverage.exit(), coverage::toString);
      assertEquals(
          "words/no-unicorns by zoo exempt in 1 calls\n1 of 1 rules matched\n", coverage.out());

      // Another document can be published while the exemption stands, without a second approval.
      gateway.applyPolicy(WORDS.replace("policy_name: words", "policy_name: more"));
      assertEquals(403, gateway.post(CALL).statusCode(), "it lifts one rule only");
      gateway.removePolicy("more");
      assertEquals(200, gateway.post(CALL).statusCode());
      assertEquals(
          1,
          gateway.records().stream()
              .filter(one -> "policy-exemption".equals(one.get("event")))
              .count());
    }
    try (RunningGateway again = RunningGateway.start(folder, "")) {
      assertEquals(200, again.post(CALL).statusCode(), "it outlives a restart");
      trust(keygen("bob", "bob", "ed25519"), LATER, ORG);
      refusedByGateway(
          "'alice' is no approver", again, WORDS.replace("policy_name: words", "policy_name: w2"));
      again.removePolicy("zoo");
      assertEquals(403, again.post(CALL).statusCode());
      trust(alice, LATER, ORG);
      again.applyPolicy(Files.readString(exemption));
      assertEquals(200, again.post(CALL).statusCode());
    }
    Files.delete(approvers);
    try (RunningGateway last = RunningGateway.start(folder, "")) {
      assertFalse(last.gateway().policyReady(), "rules that nobody vouches for are not in force");
      assertFalse(last.post(CALL).statusCode() == 200);
    }
  }

  private static void refusedByGateway(
      final String why, final RunningGateway gateway, final String document) throws Exception {
    final HttpResponse<String> answer = gateway.admin("POST", "/policies?file=zoo.yaml", document);
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains(why), answer.body());
  }
}
