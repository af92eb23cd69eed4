package io.sealgate.policy;

import io.sealgate.policy.DocumentBody.Excuse;
import io.sealgate.policy.DocumentBody.UseCase;
import io.sealgate.policy.Placement.Placed;
import io.sealgate.policy.RuleSpec.Band;
import io.sealgate.policy.RuleSpec.Budget;
import io.sealgate.policy.RuleSpec.Failover;
import io.sealgate.policy.RuleSpec.Quota;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold between documents. Every refusal names the document that is to change. */
final class CrossChecks {
  private final List<Placed> rules;
  private final TeamTree tree;
  private final Map<String, Placed> byName = new HashMap<>();

  CrossChecks(List<Placed> rules, TeamTree tree) {
    this.rules = rules;
    this.tree = tree;
  }

  /** Few organisations ask for a rule by its name. */
  private Placed named(String name) {
    if (byName.isEmpty()) {
      rules.forEach(rule -> byName.put(rule.name(), rule));
    }
    return byName.get(name);
  }

  /** Exemptions by the rule that they are from; they may be from restricting rules only. */
  Map<String, List<Exemption>> exemptions(Collection<PolicyDocument> documents)
      throws PolicyException {
    final Map<String, List<Exemption>> byRule = new HashMap<>();
    for (final PolicyDocument doc : documents) {
      if (!(doc.body() instanceof Excuse excuse)) {
        continue;
      }
      final Placed rule = named(excuse.rule());
      if (rule == null) {
        throw new PolicyException(
            doc.fileName(),
            excuse.line(),
            "there is no rule '" + excuse.rule() + "' to be exempt from",
            "name one as policy/rule, or withdraw the exemption");
      }
      if (admits(rule) || rule.document().body() instanceof UseCase) {
        throw new PolicyException(
            doc.fileName(),
            excuse.line(),
            "the rule '" + excuse.rule() + "' cannot be exempt from: an exemption admits nothing",
            "exempt from a rule that restricts");
      }
      byRule.computeIfAbsent(excuse.rule(), _ -> new ArrayList<>()).add(inTree(excuse.exemption()));
    }
    // Which of several exemptions is named must not depend on the order of documents.
    byRule.values().forEach(list -> list.sort((a, b) -> a.name().compareTo(b.name())));
    return byRule;
  }

  private static boolean admits(Placed rule) {
    return switch (rule.spec().effect()) {
      case RuleSpec.ModelAccess access -> access.action() == RuleSpec.Action.ALLOW;
      case RuleSpec.ToolAccess access -> access.action() == RuleSpec.Action.ALLOW;
      default -> false;
    };
  }

  private Exemption inTree(Exemption e) {
    final Audience a = e.audience();
    return new Exemption(
        e.name(),
        e.category(),
        e.approver(),
        e.reason(),
        e.expiresEpochMillis(),
        Audience.of(
            new RuleSpec.Scope(
                a.teams(), a.users(), a.useCases(), a.agents(), a.roles(), a.environments()),
            tree));
  }

  /** The rules that replace another's limit, by the name of that other one. */
  Map<String, List<Placed>> overrides() throws PolicyException {
    final Map<String, List<Placed>> byRule = new HashMap<>();
    for (final Placed rule : rules) {
      if (rule.spec().overrides().isPresent()) {
        final String name = rule.spec().overrides().get();
        checkOverride(rule, named(name));
        if (rule.place().enforced()) {
          // In observe mode it must not change what is done, so what it would replace stays.
          byRule.computeIfAbsent(name, _ -> new ArrayList<>()).add(rule);
        }
      }
    }
    return byRule;
  }

  private static void checkOverride(Placed rule, Placed wider) throws PolicyException {
    final String name = rule.spec().overrides().orElseThrow();
    if (wider == null) {
      throw rule.refuse("there is no rule '" + name + "' to override", "name one as policy/rule");
    }
    if (!rule.place().isBelow(wider.place())) {
      throw rule.refuse(
          "only a policy of a narrower scope may override '" + name + "'",
          "give this policy a team, user, agent or use_case inside " + wider.place().path());
    }
    if (wider.spec().band().isEmpty()) {
      throw rule.refuse(
          "the rule '" + name + "' is not overridable",
          "state 'overridable: {min, max}' there, or narrow it with a rule of your own");
    }
    final Band band = wider.spec().band().get();
    switch (rule.spec().effect()) {
      case Quota mine
          when wider.spec().effect() instanceof Quota theirs
              && mine.unit() == theirs.unit()
              && mine.per() == theirs.per()
              && mine.windowMillis() == theirs.windowMillis() -> {
        checkBand(rule, mine.amount(), band);
        checkBand(rule, Math.max(mine.burst(), band.min()), band);
      }
      case Budget mine
          when wider.spec().effect() instanceof Budget theirs
              && mine.period() == theirs.period()
              && mine.per() == theirs.per()
              && mine.hardMicroDollars() < 0 == theirs.hardMicroDollars() < 0 ->
          checkBand(
              rule,
              mine.hardMicroDollars() < 0 ? mine.softMicroDollars() : mine.hardMicroDollars(),
              band);
      default ->
          throw rule.refuse(
              "the rule limits something else than '" + name + "'",
              "use the same kind, unit, window or period, bounds and 'per'");
    }
  }

  private static void checkBand(Placed rule, long amount, Band band) throws PolicyException {
    if (amount < band.min() || amount > band.max()) {
      final boolean dollars = rule.spec().effect() instanceof Budget;
      throw rule.refuse(
          "its limit " + text(amount, dollars) + " is outside the band that it may move in",
          "stay within " + text(band.min(), dollars) + " and " + text(band.max(), dollars));
    }
  }

  private static String text(long amount, boolean dollars) {
    return dollars
        ? BigDecimal.valueOf(amount, 6).stripTrailingZeros().toPlainString() + " dollars"
        : Long.toString(amount);
  }

  /** Two routes that would always meet each other are refused here rather than at every call. */
  void routes() throws PolicyException {
    record Meeting(Place place, RuleSpec.Scope scope, int priority) {}
    final Map<Meeting, Placed> seen = new HashMap<>();
    for (final Placed rule : rules) {
      if (rule.spec().effect() instanceof Failover(Route route)
          && rule.spec().condition().isEmpty()) {
        final Placed other =
            seen.putIfAbsent(
                new Meeting(rule.place(), rule.spec().scope(), rule.spec().priority()), rule);
        if (other != null
            && other.spec().effect() instanceof Failover(Route before)
            && !before.equals(route)) {
          throw rule.refuse(
              "the routes of '" + rule.name() + "' and '" + other.name() + "' conflict",
              "give them different scopes, conditions or priorities");
        }
      }
    }
  }

  /** Every control that a use case requires must be served by an enforced rule. */
  void controls(Collection<PolicyDocument> documents) throws PolicyException {
    for (final PolicyDocument doc : documents) {
      if (doc.body() instanceof UseCase useCase) {
        for (final String control : useCase.requiredControls()) {
          if (rules.stream().noneMatch(rule -> serves(rule, control, doc.name()))) {
            throw new PolicyException(
                doc.fileName(),
                useCase.controlsLine(),
                "the use case '"
                    + doc.name()
                    + "' requires the control '"
                    + control
                    + "' and no enforced rule that holds for all its calls serves it",
                "publish a rule of that kind, or one with that control, first");
          }
        }
      }
    }
  }

  private boolean serves(Placed rule, String control, String useCase) {
    return rule.place().enforced()
        && (rule.spec().type().equals(control)
            || rule.spec().control().filter(control::equals).isPresent())
        && rule.place().coversUseCase(useCase)
        && Audience.of(rule.spec().scope(), tree).coversUseCase(useCase);
  }
}
