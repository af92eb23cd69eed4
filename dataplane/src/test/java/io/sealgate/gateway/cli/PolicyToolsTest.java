package io.sealgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.cli.Commands.Said;
import io.sealgate.gateway.testkit.RunningGateway;
import io.sealgate.gateway.testkit.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyToolsTest {
  @TempDir private Path folder;
  private Path policies;

  @BeforeEach
  void write() throws IOException {
    policies = Files.createDirectory(folder.resolve("policies"));
    file(
        "models.yaml",
        """
        policy_name: models
        rules:
          - {id: all, type: model_access, models: ["*"]}
          - {id: no-interns, type: model_access, action: deny, models: [gpt-4], roles: [intern]}
          - {id: big, type: model_access, action: deny, models: ["*"], when: call.max_tokens > 4000}
          - {id: mail, type: pii_redaction, types: [EMAIL], method: mask}
          - {id: rate, type: rate_limit, requests: 5, window_seconds: 60, per: user}
        """);
  }

  private Path file(final String name, final String text) throws IOException {
    return Files.writeString(policies.resolve(name), text);
  }

  private Said policy(final String verb, final String... rest) {
    final String[] arguments = new String[rest.length + 3];
    arguments[0] = "policy";
    arguments[1] = verb;
    System.arraycopy(rest, 0, arguments, 2, rest.length);
    arguments[rest.length + 2] = policies.toString();
    return Commands.run(arguments);
  }

  @Test
  void shouldRunTestsAndNameWhatNoneOfThemMatches() throws IOException {
    file(
        "models.test.yaml",
        """
        tests:
          - name: interns may not use the big model
            given:
              caller: {roles: [intern], user: ada}
              call: {model: gpt-4}
            expect: {decision: block, rule: models/no-interns, reason: access_denied}
          - name: addresses are masked
            given:
              call: {model: gpt-4}
              findings: {EMAIL: {count: 2, score: 0.9}}
            expect:
              decision: modify
              matched: [models/mail]
              obligations: {redact_request: {EMAIL_ADDRESS: mask}}
          - name: the limit throttles
            given:
              call: {model: m}
              caller: {user: ada}
              counters: {models/rate: 1500}
            expect: {decision: throttle, rule: models/rate}
        """);
    final Said passed = policy("test");
    assertEquals(0, passed.exit(), passed::toString);
    assertTrue(passed.out().contains("3 of 3 tests passed; 4 of 5 rules matched"), passed.out());
    final Said coverage = policy("coverage");
    assertEquals(Main.EXIT_NO, coverage.exit());
    assertTrue(
        coverage.out().startsWith(policies + "/models.yaml:5: models/big never matched"),
        coverage.out());
  }

  @Test
  void shouldPassTheTestsThatLieBesideTheExamples() {
    final Path examples =
        SourceTree.root().resolve("policy-jit/src/main/resources/io/sealgate/policy/examples");
    final Said tested = Commands.run("policy", "test", examples.toString());
    assertEquals(0, tested.exit(), tested::toString);
    assertTrue(tested.out().startsWith("26 of 26 tests passed"), tested.out());
    final Said covered = Commands.run("policy", "coverage", examples.toString());
    assertEquals(0, covered.exit(), () -> "a rule of the examples has no test: " + covered);
    final Said checked =
        Commands.run(
            "policy",
            "check",
            "--approvers",
            examples.resolve("approver-keys").toString(),
            examples.toString());
    assertEquals(0, checked.exit(), checked::toString);
    assertEquals("", checked.err());
  }

  @Test
  void shouldCountTheRecordsOfALogWhenAskedForTheirCoverage() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(folder, "")) {
      gateway.applyPolicy(Files.readString(policies.resolve("models.yaml")));
      gateway.decision(
          gateway
              .post(RunningGateway.chat("loopback-1", "write to ann@example.com"))
              .headers()
              .firstValue("x-sealgate-request-id")
              .orElseThrow());
      final String data = folder.resolve("data").toString();
      final Said coverage = policy("coverage", "--org", "local", "--data", data);
      assertEquals(Main.EXIT_NO, coverage.exit(), coverage::toString);
      assertEquals(
          policies
              + "/models.yaml:5: models/big never matched\n"
              + policies
              + "/models.yaml:4: models/no-interns never matched\n"
              + "3 of 5 rules matched\n",
          coverage.out());
      final Said elsewhere = policy("coverage", "--org", "other", "--data", data);
      assertTrue(elsewhere.out().endsWith("0 of 5 rules matched\n"), elsewhere.out());
    }
  }

  @Test
  void shouldNameTheLineWhenATestFails() throws IOException {
    file(
        "models.test.yaml",
        """
        tests:
          - name: everybody is blocked
            given: {call: {model: gpt-4}}
            expect:
              decision: block
              obligations: {sandbox: no_tools}
        """);
    final Said failed = policy("test");
    assertEquals(Main.EXIT_NO, failed.exit());
    assertTrue(
        failed.out().startsWith(policies + "/models.test.yaml:5: FAILED everybody is blocked:"),
        failed.out());
    assertTrue(failed.out().contains("decision is allow, expected block"), failed.out());
    assertTrue(
        failed.out().contains("obligation sandbox is null, expected no_tools"), failed.out());
    assertTrue(failed.out().contains("0 of 1 tests passed"), failed.out());
  }

  @Test
  void shouldNameTheLineWhenATestIsNotUnderstood() throws IOException {
    for (final String[] bad :
        new String[][] {
          {"call: {modle: x}", "there is no fact 'call.modle'"},
          {"call: {max_tokens: many}", "another type"},
          {"findings: {E_MAIL: 1}", "there is no finding type 'E_MAIL'"},
          {"patterns: [xylophone]", "look for no pattern 'xylophone'"},
          {"counters: {models/none: 1}", "there is no rule 'models/none'"},
          {"time: yesterday", "give a moment in UTC"}
        }) {
      file(
          "models.test.yaml",
          """
          tests:
            - name: bad
              given: {%s}
              expect: {decision: block}
          """
              .formatted(bad[0]));
      final Said refused = policy("test");
      assertEquals(Main.EXIT_NO, refused.exit(), bad[0]);
      assertTrue(refused.err().contains("models.test.yaml:3: "), refused.err());
      assertTrue(refused.err().contains(bad[1]), refused.err());
    }
    Files.delete(policies.resolve("models.test.yaml"));
    assertTrue(policy("test").err().contains("there are no tests"));
  }

  @Test
  void shouldWarnOfRulesThatCanNeverMatchOrAreShadowed() throws IOException {
    file(
        "shadow.yaml",
        """
        policy_name: shadow
        rules:
          - {id: never, type: model_access, models: [x], when: call.messages < 3 && call.messages > 5}
          - {id: denial, type: model_access, action: deny, models: ["gpt-*"], when: call.tools > 2}
          - {id: narrow, type: model_access, action: deny, models: [gpt-9], when: call.tools > 5}
          - {id: futile, type: model_access, models: [gpt-9], when: "call.tools == 7"}
          - {id: fine, type: model_access, models: [gpt-9], when: call.tools > 1, max_cost_per_day: 3}
        """);
    final Said said = policy("check");
    assertEquals(0, said.exit(), said::toString);
    final String file = policies + "/shadow.yaml";
    assertTrue(said.err().contains(file + ":3: the rule shadow/never can never match"), said.err());
    assertTrue(
        said.err().contains(file + ":5: the rule shadow/narrow changes nothing: shadow/denial"),
        said.err());
    assertTrue(
        said.err().contains(file + ":6: the rule shadow/futile can never admit a call"),
        said.err());
    assertEquals(3, said.err().lines().count(), said.err());
  }

  @Test
  void shouldDecideOneCallAsJson() throws IOException {
    final Path facts = folder.resolve("facts.json");
    Files.writeString(
        facts,
        "{\"call\": {\"model\": \"gpt-4\", \"max_tokens\": 5000}, \"time\":"
            + " \"2026-11-21T10:00:00Z\"}");
    final Said said = policy("decide", "--facts", facts.toString());
    assertEquals(0, said.exit(), said::toString);
    assertTrue(said.out().contains("\"decision\":\"block\",\"done\":\"block\""), said.out());
    assertTrue(said.out().contains("\"rule\":\"models/big\""), said.out());
  }

  @Test
  void shouldShowEachTermAndAgreeWithTheInterpreter() throws IOException {
    file(
        "payments.yaml",
        """
        policy_name: payments
        rules:
          - id: pay
            type: tool_access
            tools: [payments]
            when: |
              !(tool.arguments.amount >= 10000 || tool.arguments.currency != "a && (b")
                && (call.time.getHours("Europe/London") >= 9 || 1 / call.tools > 3)
                && caller.roles.exists(r, r == "x" && r != "y") && findings.IBAN_CODE == 0
        """);
    final Path facts = folder.resolve("facts.yaml");
    Files.writeString(
        facts,
        """
        tool: {name: payments, arguments: {amount: 20, currency: "a && (b"}}
        caller: {roles: [x]}
        time: "2026-11-21T10:00:00Z"
        """);
    final Said said = policy("explain", "--facts", facts.toString());
    assertEquals(0, said.exit(), said::toString);
    for (final String line :
        new String[] {
          policies + "/payments.yaml:3: payments/pay: matched",
          "    tool.arguments.amount >= 10000 = false   {tool.arguments={amount=20, currency=a &&"
              + " (b}}",
          "    tool.arguments.currency != \"a && (b\" = false",
          "    call.time.getHours(\"Europe/London\") >= 9 = true  "
              + " {call.time=2026-11-21T10:00:00Z}",
          "    1 / call.tools > 3 = error   {call.tools=0}",
          "    caller.roles.exists(r, r == \"x\" && r != \"y\") = true   {caller.roles=[x]}",
          "    findings.IBAN_CODE == 0 = true   {findings.IBAN_CODE=0}",
          "comes to the same verdict"
        }) {
      assertTrue(said.out().contains(line), line + " in " + said.out());
    }
  }
}
