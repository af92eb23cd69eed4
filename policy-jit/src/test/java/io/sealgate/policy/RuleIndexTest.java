package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.policy.Placement.Placed;
import io.sealgate.policy.index.CandidateBuffer;
import io.sealgate.policy.index.ScopeIndex;
import io.sealgate.policy.index.ScopeQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every index finds what a look at every rule, as its document states it, finds. */
final class RuleIndexTest {
  private static final long SEED = 31L;
  private static final int ORGANISATIONS = 120;
  private static final int CALLS = 40;
  private static final long NOW = 1_795_219_199_999L;
  private static final String TREE =
      "{kind: org_tree, name: tree, teams: [{team: ml, parent: lab}, {team: nlp, parent: ml},"
          + " {team: lab}, {team: hr}]}";

  private final Random random = new Random(SEED);
  private final LimitState limits = new LimitState(10);
  private int nextId;

  private String any(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String some(String... choices) {
    final List<String> list = new ArrayList<>(List.of(choices));
    Collections.shuffle(list, random);
    return "[" + String.join(", ", list.subList(0, 1 + random.nextInt(choices.length))) + "]";
  }

  private String names() {
    return some("'*'", "'g*'", "gpt", "o3", "'*3'", "'g*t'", "'*p*'", "'x-**'");
  }

  private String rule() {
    final String body =
        switch (random.nextInt(8)) {
          case 0, 1 -> "model_access, action: " + any("allow", "deny", "sandbox") + models();
          case 2 ->
              "tool_access, tools: "
                  + names()
                  + any("", ", servers: " + names())
                  + any("", ", action: deny");
          case 3 -> "content_filter, keywords: " + some("x", "y", "z") + direction();
          case 4 -> "pii_redaction, types: " + some("email", "ssn", "PII") + direction();
          case 5 -> "rate_limit, requests: 5, window_seconds: 9, per: " + any("user", "org");
          case 6 -> "approval_required, approvers: [a]";
          default -> "cost_budget, period: day, hard: 1";
        };
    final StringJoiner rule = new StringJoiner(", ", "{", "}");
    rule.add("id: r" + nextId++).add("type: " + body).add("priority: " + nextId % 1_000);
    field(rule, "teams", "lab", "ml", "nlp", "hr", "elsewhere");
    field(rule, "users", "ada", "bob");
    field(rule, "roles", "dev", "ops");
    field(rule, "use_cases", "u", "v");
    field(rule, "agents", "bot");
    field(rule, "environments", "prod", "dev");
    if (random.nextInt(4) == 0) {
      rule.add("when: 'call.tools > " + random.nextInt(3) + "'");
    }
    return rule.toString();
  }

  private String models() {
    return ", models: " + names() + any("", "", ", providers: " + names());
  }

  private String direction() {
    return ", direction: " + any("request", "response", "both");
  }

  private void field(StringJoiner rule, String name, String... values) {
    if (random.nextInt(5) == 0) {
      rule.add(name + ": " + some(values));
    }
  }

  private String document() {
    final String node =
        any("", "", ", team: lab", ", team: ml", ", user: ada", ", agent: bot", ", use_case: u");
    final String bindings =
        any(
            "",
            ", environment: prod",
            ", bindings: [{environment: '*'}, {environment: prod, mode: observe}]");
    final List<String> rules = new ArrayList<>();
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      rules.add(rule());
    }
    return "{policy_name: p"
        + nextId++
        + node
        + bindings
        + ", rules: ["
        + String.join(", ", rules)
        + "]}";
  }

  private Facts facts(int patterns) {
    final Facts facts =
        new Facts()
            .org("acme")
            .team(any("ml", "lab", "nlp", "hr", "elsewhere", ""))
            .user(any("ada", "bob", "eve"))
            .environment(any("prod", "dev", "test"))
            .useCase(any("u", "v", ""))
            .agent(any("", "bot"))
            .toolCount(random.nextInt(3));
    for (int i = random.nextInt(3); i > 0; i--) {
      facts.addRole(any("dev", "ops", "none"));
    }
    final String name = any("gpt", "g2", "o3", "", "x-y", "ap3");
    if (random.nextBoolean() || name.isEmpty()) {
      facts.model(name).provider(any("gpt", "o3", ""));
    } else {
      facts.tool(any("gpt", "s"), name);
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      facts.addFinding(any("1", "2").equals("1") ? TestTypes.EMAIL : TestTypes.US_SSN, 900_000);
    }
    for (int i = random.nextInt(3); i > 0 && patterns > 0; i--) {
      facts.addTenantPattern(random.nextInt(patterns));
    }
    return facts;
  }

  /** What the index has to find, told from the document alone. */
  private static boolean isCandidate(
      Placed rule, TeamTree tree, Facts facts, List<PolicyPattern> patterns) {
    return rule.place().holds(facts)
        && Audience.of(rule.spec().scope(), tree).holds(facts)
        && switch (rule.spec().effect()) {
          case RuleSpec.ModelAccess access ->
              facts.toolName.isEmpty()
                  && matches(access.models(), facts.model)
                  && (access.providers().isEmpty() || matches(access.providers(), facts.provider));
          case RuleSpec.ToolAccess access ->
              !facts.toolName.isEmpty()
                  && matches(access.tools(), facts.toolName)
                  && (access.servers().isEmpty() || matches(access.servers(), facts.toolServer));
          case RuleSpec.Content content ->
              content.response() || isCarried(content, facts, patterns);
          default -> true;
        };
  }

  private static boolean matches(List<String> globs, String name) {
    return globs.stream()
        .map(
            glob ->
                List.of(glob.split("\\*", -1)).stream()
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".*")))
        .anyMatch(regex -> Pattern.compile(regex, Pattern.DOTALL).matcher(name).matches());
  }

  private static boolean isCarried(
      RuleSpec.Content content, Facts facts, List<PolicyPattern> patterns) {
    for (final int type : content.types()) {
      if (facts.findingCount(type) > 0) {
        return true;
      }
    }
    for (int i = 0; i < facts.tenantPatternCount(); i++) {
      final PolicyPattern found = patterns.get(facts.tenantPattern(i));
      if (content.patterns().contains(found)
          || content.topics().stream().anyMatch(topic -> topic.words().contains(found))) {
        return true;
      }
    }
    return false;
  }

  @Test
  void shouldFindWhatALookAtEveryRuleFindsWhateverTheIndex() throws PolicyException {
    long found = 0;
    for (int org = 0; org < ORGANISATIONS; org++) {
      final List<PolicyDocument> docs = new ArrayList<>(List.of(TestTypes.document(TREE)));
      for (int i = 1 + random.nextInt(12); i > 0; i--) {
        docs.add(TestTypes.document(document()));
      }
      final Placement placement = new Placement("acme", docs);
      final List<Placed> placed = placement.rules();
      final List<Snapshot> snapshots = new ArrayList<>();
      for (final ScopeIndex.Kind kind : ScopeIndex.Kind.values()) {
        snapshots.add(PolicyCompiler.compile("acme", docs, TestTypes.TYPES, kind));
        assertEquals(kind, snapshots.getLast().indexKind());
      }
      for (int call = 0; call < CALLS; call++) {
        final List<PolicyPattern> patterns = snapshots.getFirst().patterns();
        final Facts facts = facts(patterns.size());
        final List<String> expected =
            placed.stream()
                .filter(rule -> isCandidate(rule, placement.tree(), facts, patterns))
                .map(Placed::name)
                .toList();
        for (final Snapshot snapshot : snapshots) {
          final String where = "seed " + SEED + ", organisation " + org + ", call " + call;
          assertEquals(expected, candidates(snapshot, facts), where);
          assertEquals(verdict(snapshots.getFirst(), facts), verdict(snapshot, facts), where);
        }
        found += expected.size();
      }
    }
    assertTrue(found > ORGANISATIONS * CALLS, "too few rules matched to tell: " + found);
  }

  private static List<String> candidates(Snapshot snapshot, Facts facts) {
    final CandidateBuffer buffer = new CandidateBuffer();
    snapshot.find(facts, new ScopeQuery(RuleIndex.DIMENSIONS), buffer);
    final List<String> names = new ArrayList<>();
    for (int i = 0; i < buffer.size(); i++) {
      if (!snapshot.isElsewhere(buffer.rule(i), facts)) {
        names.add(snapshot.rule(buffer.rule(i)).toString());
      }
    }
    return names;
  }

  private String verdict(Snapshot snapshot, Facts facts) {
    final Verdict verdict = new Verdict();
    snapshot.evaluate(facts, limits, NOW, verdict);
    final StringJoiner text = new StringJoiner(" ");
    text.add(verdict.decision() + "/" + verdict.done() + "/" + verdict.reason());
    text.add(verdict.decidingRule() + "/" + verdict.doneRule());
    for (int i = 0; i < verdict.matchedCount(); i++) {
      text.add(verdict.matched(i).toString());
    }
    final Obligations obligations = verdict.obligations();
    for (int i = 0; i < obligations.chargeCount(); i++) {
      text.add(obligations.charge(i).key());
    }
    for (int type = 0; type < TestTypes.TYPES.count(); type++) {
      text.add(obligations.requestMethod(type) + "" + obligations.responseMethod(type));
    }
    return text.toString();
  }
}
