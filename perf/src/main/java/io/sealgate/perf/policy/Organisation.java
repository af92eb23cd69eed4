package io.sealgate.perf.policy;

import io.sealgate.policy.Facts;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Policies of an organisation with a given number of rules, and calls in it. A document is one
 * team's, and has five groups of twenty rules; a call has all twenty rules of one group as
 * candidates, whatever the number of rules. Every rule has a condition; there are some forty shapes
 * of them. A last document admits everything, so that the others restrict.
 */
public final class Organisation {
  /** The moment of all decisions. */
  public static final long NOW_EPOCH_MILLIS = 1_795_219_199_999L;

  /** Rules in a group: the candidates of a call. */
  public static final int GROUP = 20;

  private static final int GROUPS_A_DOCUMENT = 5;
  private static final String WHEN = ", when: '";
  private static final int MAX_TOKENS = 1_000;
  private static final String[] TERMS = {
    "call.max_tokens < %d",
    "call.messages <= %d",
    "caller.user != \"user-%d\"",
    "call.provider in [\"openai\", \"provider-%d\"]",
    "size(call.dialect) < %d",
    "call.body_bytes < %d",
    "!call.provider.startsWith(\"provider-%d\")",
  };

  private final int rules;
  private final String prefix;

  /** An organisation with so many rules, the one that admits everything among them. */
  public Organisation(final int rules) {
    this(rules, "");
  }

  /**
   * As {@link #Organisation(int)}.
   *
   * @param prefix what every condition begins with, so that its shapes are shared with no other
   */
  public Organisation(final int rules, final String prefix) {
    this.rules = rules;
    this.prefix = prefix;
  }

  /** How many groups there are. */
  public int groups() {
    return Math.max(1, rules / GROUP);
  }

  /** The condition of a rule; holds for all {@linkplain #call calls}. */
  public static String condition(final int rule) {
    final String first = TERMS[rule % TERMS.length];
    final String second = TERMS[(rule / TERMS.length) % TERMS.length];
    final int number = 4_000 + rule;
    return String.format(first, number)
        + (rule % 3 == 0 ? " || " : " && ")
        + String.format(second, number + 1);
  }

  /** The team of a rule's document. */
  public static String team(final int rule) {
    return "team-" + rule / (GROUP * GROUPS_A_DOCUMENT);
  }

  /** The number of a rule's group in its document. */
  public static int group(final int rule) {
    return rule / GROUP % GROUPS_A_DOCUMENT;
  }

  /** One rule as a document states it. */
  public static String rule(final int rule) {
    final int group = group(rule);
    final String about =
        switch (rule % GROUP % 10) {
          case 0, 1, 2 -> "model_access, models: [model-" + group + "]";
          case 3 -> "model_access, models: ['model-" + group + "*'], providers: [openai, azure]";
          case 4 -> "pii_redaction, types: [TYPE_1], use_cases: [case-" + group + "]";
          case 5 ->
              "content_filter, action: redact, direction: both, types: [TYPE_2], use_cases: [case-"
                  + group
                  + "]";
          case 6 -> "rate_limit, requests: 1000000, window_seconds: 1, roles: [role-" + group + "]";
          case 7 -> "cost_budget, period: day, hard: 1000000, roles: [role-" + group + "]";
          case 8 ->
              "model_access, action: sandbox, sandbox: read_only, models: ['*'], roles: [role-"
                  + group
                  + "]";
          default -> "provider_failover, targets: [openai], use_cases: [case-" + group + "]";
        };
    return "{id: r" + rule + ", type: " + about + WHEN + condition(rule) + "'}";
  }

  /** A rule's scope and condition as one CEL expression over {@link #variables}. */
  public static String expression(final int rule) {
    final int group = group(rule);
    final String about =
        switch (rule % GROUP % 10) {
          case 0, 1, 2 -> "call.model == \"model-" + group + "\"";
          case 3 ->
              "call.model.startsWith(\"model-"
                  + group
                  + "\") && call.provider in [\"openai\", \"azure\"]";
          case 4, 5, 9 -> "caller.use_case == \"case-" + group + "\"";
          default -> "\"role-" + group + "\" in caller.roles";
        };
    return "caller.team == \"" + team(rule) + "\" && " + about + " && (" + condition(rule) + ")";
  }

  /** A {@link #call} by the names of its attributes. */
  public static Map<String, Object> variables(final int group) {
    final Names names = Names.of(group);
    final Map<String, Object> variables = new HashMap<>();
    variables.put("caller.team", names.team());
    variables.put("caller.user", "ada");
    variables.put("caller.use_case", names.useCase());
    variables.put("caller.roles", List.of(names.role()));
    variables.put("call.model", names.model());
    variables.put("call.provider", "openai");
    variables.put("call.dialect", "openai");
    variables.put("call.max_tokens", (long) MAX_TOKENS);
    variables.put("call.messages", 2L);
    variables.put("call.body_bytes", 1_200L);
    return variables;
  }

  /** The texts of the documents, each by the name of its file. */
  public List<String> texts() {
    final List<String> texts = new ArrayList<>();
    texts.add("{policy_name: base, rules: [{type: model_access, models: ['*']}]}");
    final int size = GROUP * GROUPS_A_DOCUMENT;
    for (int from = 0; from < rules - 1; from += size) {
      final StringBuilder text = new StringBuilder("policy_name: ").append(team(from));
      text.append("\nteam: ").append(team(from)).append("\nrules:\n");
      for (int rule = from; rule < Math.min(rules - 1, from + size); rule++) {
        text.append("  - ").append(rule(rule).replace(WHEN, WHEN + prefix)).append('\n');
      }
      texts.add(text.toString());
    }
    return texts;
  }

  /** The documents. */
  public List<PolicyDocument> documents() throws PolicyException {
    final List<PolicyDocument> documents = new ArrayList<>();
    for (final String text : texts()) {
      documents.add(document(text));
    }
    return documents;
  }

  /** One document. */
  public static PolicyDocument document(final String text) throws PolicyException {
    return PolicyDocument.parse(
        "bench.yaml", text.getBytes(StandardCharsets.UTF_8), BenchTypes.TYPES);
  }

  /** Fills in a call whose candidates are the rules of one group, and the one that admits all. */
  public static void call(final int group, final Facts facts) {
    final Names names = Names.of(group);
    facts.clear();
    facts.org("acme").team(names.team()).user("ada").environment("production");
    facts.useCase(names.useCase()).addRole(names.role());
    facts.model(names.model()).provider("openai").dialect("openai");
    facts.maxTokens(MAX_TOKENS).messageCount(2).bodyBytes(1_200).textBytes(1_000);
    facts.addFinding(1, 900_000);
    facts.addFinding(2, 900_000);
  }

  /** Whom and what the calls of a group are about. */
  public record Names(String team, String model, String useCase, String role) {
    private static final int REMEMBERED = 5_000;
    private static final Names[] KNOWN = new Names[REMEMBERED];

    /** The names of a group, the same objects each time: making them is not measured. */
    public static Names of(final int group) {
      Names names = KNOWN[group];
      if (names == null) {
        final int number = group % GROUPS_A_DOCUMENT;
        names =
            new Names(
                Organisation.team(group * GROUP),
                "model-" + number,
                "case-" + number,
                "role-" + number);
        KNOWN[group] = names;
      }
      return names;
    }
  }
}
