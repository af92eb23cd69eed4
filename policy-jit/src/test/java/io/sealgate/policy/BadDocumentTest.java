package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents that are wrong or hostile: refused with line and way out, nothing else happens. */
final class BadDocumentTest {
  private static void refuse(String text, int line, String problem, String fix) {
    final PolicyException e =
        assertThrows(PolicyException.class, () -> TestTypes.snapshot(text), text);
    assertTrue(e.problem().contains(problem), e::getMessage);
    assertTrue(e.fix().contains(fix), e::getMessage);
    assertEquals(line, e.line(), e::getMessage);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          type: rate_limit\\nwindow_seconds: 1                                       | 0 | 'requests' is missing | requests, tokens or concurrent
          type: rate_limit\\nrequests: 1\\ntokens: 1\\nwindow_seconds: 1              | 2 | counts both requests and tokens | a rule for each
          type: rate_limit\\nconcurrent: 1\\nwindow_seconds: 1                        | 2 | 'window_seconds' does not fit | remove it
          type: rate_limit\\nconcurrent: 1\\noverridable: {min: 1}                    | 2 | 'max' is missing | the most
          type: rate_limit\\nconcurrent: 1\\noverridable: 5                           | 2 | must be a mapping, not a number | {a: b}
          type: cost_budget\\nperiod: year\\nhard: 1                                  | 1 | 'period' is 'year' | day, week, month, total
          type: cost_budget\\nperiod: day                                            | 0 | has no bound | soft, hard
          type: cost_budget\\nperiod: day\\nsoft: 2\\nhard: 1                         | 2 | 'soft' does not fit | change or remove
          type: approval_required                                                   | 0 | 'approvers' is missing | users or roles
          type: approval_required\\napprovers: [a]\\nquorum: 0                        | 2 | 'quorum' is 0 | from 1
          type: provider_failover\\ntargets: [a, a]                                  | 1 | this target is given twice | remove one
          type: provider_failover\\ntargets: [{model: m}]                            | 1 | 'provider' is missing | name the provider
          type: provider_failover\\ntargets: [a]\\nretry: {on: [418]}                 | 2 | must be text | quotes
          type: provider_failover\\ntargets: [a]\\nretry: {on: ["418"]}               | 2 | 'on' does not fit | remove it
          type: compliance\\nprofile: iso27001                                       | 1 | 'profile' is 'iso27001' | soc2, gdpr, hipaa
          type: compliance\\nprofile: gdpr\\nwhen: 'true'                             | 2 | no field 'when' | profile
          type: tool_access\\ntools: [a]\\nsandbox: isolated                          | 2 | 'sandbox' does not fit | remove it
          type: tool_access\\ntools: [a]\\nbreaker: {open_seconds: 1}                 | 2 | 'failures' is missing | how many
          type: model_access\\nmodels: [a]\\naction: deny\\nmax_cost_per_day: 1        | 3 | 'max_cost_per_day' does not fit | remove it
          type: content_filter\\ntopics: [x]                                         | 1 | a topic is a mapping | name and keywords
          type: content_filter\\ntopics: [{name: t, keywords: [a], min_hits: 2}]     | 1 | 'min_hits' is 2 | from 1 to 1
          type: content_filter\\ntypes: [ssn]\\nmin_score: 1.1                        | 2 | 'min_score' is 1.1 | from 0 to 1
          type: pii_redaction\\nmethods: {EMAIL: shred}                              | 1 | 'EMAIL' is 'shred' | mask, partial, hash
          type: pii_redaction\\nmethods: {PASSPORT: mask}                            | 1 | no finding type 'PASSPORT' | CREDIT_CARD
          type: pii_redaction\\nmethods: {EMAIL: mask}\\nmethod: hash                 | 2 | 'method' does not fit | remove it
          type: model_access\\nmodels: [a]\\nid: "a\\u202eb"                           | 2 | control or formatting character | visible
          type: model_access\\nmodels: [a]\\nteams: ["e\\u0301"]                       | 2 | normalization form C | NFC
          type: model_access\\nmodels: [a]\\nid: "\\ud800"                             | 2 |  |
          """)
  void shouldNameLineAndFixWhenARuleIsWrong(
      String rule, int lineInRule, String problem, String fix) {
    refuse(
        "policy_name: p\nrules:\n  - " + rule.replace("\\n", "\n    ") + "\n",
        3 + lineInRule,
        problem == null ? "" : problem,
        fix == null ? "" : fix);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          kind: firewall                                                   | 1 | 'kind' is 'firewall' | policy, use_case, exemption, org_tree
          kind: use_case\\nname: u\\nowner: o                                | 1 | 'risk_class' is missing | minimal
          kind: use_case\\nname: u\\nowner: o\\nrisk_class: huge             | 4 | 'risk_class' is 'huge' | prohibited
          kind: use_case\\npolicy_name: u                                   | 2 | a use case has no field 'policy_name' | name, description
          kind: org_tree\\nname: t\\nteams: [a]                              | 3 | a team is a mapping | parent, team
          kind: exemption\\nname: e\\nrule: r                                | 3 | 'rule' is 'r' | policy/rule
          policy_name: p\\nbindings: [{mode: observe}]\\nrules: [{}]         | 2 | 'environment' is missing | name it
          """)
  void shouldNameLineAndFixWhenADocumentIsWrong(String text, int line, String problem, String fix) {
    refuse(text.replace("\\n", "\n"), line, problem, fix);
  }

  @Test
  void shouldStayQuickWhenADocumentIsABomb() {
    final StringBuilder laughs = new StringBuilder("policy_name: p\na0: &a0 [x]\n");
    for (int i = 1; i < 30; i++) {
      laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    refuse(laughs.toString(), 2, "anchors", "remove the anchor");
    refuse("{policy_name: p, rules: " + "[".repeat(500_000), 1, "nested deeper", "remove");
    final StringBuilder names =
        new StringBuilder("{policy_name: p, rules: [{type: model_access, models: [");
    names.append("a,".repeat(Fields.LIST_LENGTH_MAX + 1));
    refuse(names.append("]}]}").toString(), 1, "more than 10000 entries", "split it");
  }

  @Test
  void shouldTellTheRulesApartWhenNamesAreUnicode() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            "{policy_name: 'r\u00e8gles \u6a21\u578b', rules: [{type: model_access, id:"
                + " '\ud83d\ude00', models: ['\u6a21*'], teams: ['\u00e9quipe']}]}");
    final Verdict verdict = new Verdict();
    snapshot.evaluate(
        TestTypes.facts("\u6a21\u578b").team("\u00e9quipe"), new LimitState(1), 1, verdict);
    assertEquals(Decision.ALLOW, verdict.done());
    assertEquals("r\u00e8gles \u6a21\u578b/\ud83d\ude00", verdict.doneRule().toString());
  }

  private static String hostileMasks(int count) {
    final StringBuilder text = new StringBuilder("policy_name: p\nrules:\n");
    for (int i = 0; i < count; i++) {
      text.append("- {type: model_access, id: r").append(i);
      text.append(", models: ['*a*a*a*a*a*a*").append(i).append("']}\n");
    }
    return text.toString();
  }

  @Test
  void shouldAnswerWhenMasksAreHostile() throws PolicyException {
    final Snapshot snapshot = TestTypes.snapshot(hostileMasks(4_000));
    final Verdict verdict = new Verdict();
    snapshot.evaluate(TestTypes.facts("a".repeat(250) + "3999"), new LimitState(1), 1, verdict);
    assertEquals(4, verdict.matchedTotal(), "those that end in 9, 99, 999 and 3999");
    assertEquals(Decision.ALLOW, verdict.done());
  }

  @Test
  void shouldRefuseWhenHostileMasksAreTooMany() {
    final PolicyException refused =
        assertThrows(PolicyException.class, () -> TestTypes.snapshot(hostileMasks(5_000)));
    assertTrue(refused.getMessage().contains("keep at most 4096"), refused::getMessage);
  }
}
