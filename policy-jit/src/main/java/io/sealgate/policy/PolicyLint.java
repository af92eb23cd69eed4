package io.sealgate.policy;

import io.sealgate.policy.Placement.Placed;
import io.sealgate.policy.RuleSpec.Action;
import io.sealgate.policy.cel.Constraints;
import io.sealgate.policy.cel.RefusedException;
import io.sealgate.policy.cel.Shape;
import io.sealgate.policy.index.GlobPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds rules that can never match, and access rules that another one makes superfluous. What it
 * reports is so; it does not find all there is: conditions are compared by the intervals and sets
 * that they demand of each attribute.
 */
public final class PolicyLint {
  /** A rule is compared with so many rules whose names are patterns, to bound the work. */
  private static final int PATTERNS_COMPARED_MAX = 256;

  private final TeamTree tree;
  private final FindingTypeNames types;
  private final Map<String, List<Reach>> byName = new HashMap<>();
  private final List<Reach> patterns = new ArrayList<>();
  private final Set<String> exempted = new HashSet<>();
  private final Map<Placed, Constraints> demands = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();

  /** What an access rule is about. */
  private record Reach(
      int index,
      Placed placed,
      boolean tool,
      Action action,
      List<String> names,
      List<String> hosts,
      boolean bounded) {}

  private PolicyLint(TeamTree tree, FindingTypeNames types) {
    this.tree = tree;
    this.types = types;
  }

  /**
   * Warnings as {@code file:line: problem; fix}, in the order of the rules.
   *
   * @throws PolicyException if the documents do not go together
   */
  public static List<String> warnings(PolicySet set) throws PolicyException {
    final Placement placement = new Placement(set.org(), set.documents());
    final PolicyLint lint = new PolicyLint(placement.tree(), set.types());
    for (final PolicyDocument document : set.documents()) {
      if (document.body() instanceof DocumentBody.Excuse excuse) {
        lint.exempted.add(excuse.rule());
      }
    }
    lint.check(placement.rules());
    return List.copyOf(lint.warnings);
  }

  private void check(List<Placed> rules) {
    final List<Reach> reaches = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      final Placed placed = rules.get(i);
      placed.spec().condition().ifPresent(c -> demands.put(placed, constraints(c)));
      if (isImpossible(placed)) {
        warn(placed, "can never match: its condition contradicts itself", "correct its condition");
        continue;
      }
      reach(i, placed).ifPresent(reaches::add);
    }
    reaches.forEach(this::file);
    reaches.forEach(this::compare);
  }

  /** A shape shares its expression with others that have other literals; these are its own. */
  private Constraints constraints(Shape condition) {
    try {
      return Constraints.of(FactsSchema.alone(condition.source(), types));
    } catch (RefusedException e) {
      throw new IllegalStateException("a condition was accepted and is refused now", e);
    }
  }

  private boolean isImpossible(Placed placed) {
    return demands.containsKey(placed) && demands.get(placed).isImpossible();
  }

  private static Optional<Reach> reach(int index, Placed placed) {
    return switch (placed.spec().effect()) {
      case RuleSpec.ModelAccess a ->
          Optional.of(
              new Reach(
                  index,
                  placed,
                  false,
                  a.action(),
                  a.models(),
                  a.providers(),
                  a.microDollarsPerDay() >= 0));
      case RuleSpec.ToolAccess a ->
          Optional.of(
              new Reach(
                  index,
                  placed,
                  true,
                  a.action(),
                  a.tools(),
                  a.servers(),
                  a.resultBytesMax() >= 0 || a.breaker().isPresent()));
      default -> Optional.empty();
    };
  }

  private void file(Reach reach) {
    if (reach.names().isEmpty() || reach.names().stream().anyMatch(PolicyLint::isPattern)) {
      patterns.add(reach);
    } else {
      reach.names().forEach(n -> byName.computeIfAbsent(n, _ -> new ArrayList<>()).add(reach));
    }
  }

  private void compare(Reach rule) {
    final String name = rule.names().isEmpty() ? "" : rule.names().getFirst();
    for (final Reach other : byName.getOrDefault(name, List.of())) {
      if (warnIfCovered(rule, other)) {
        return;
      }
    }
    for (final Reach other :
        patterns.subList(0, Math.min(patterns.size(), PATTERNS_COMPARED_MAX))) {
      if (warnIfCovered(rule, other)) {
        return;
      }
    }
  }

  private boolean warnIfCovered(Reach rule, Reach other) {
    if (rule.index() == other.index() || !covers(other, rule)) {
      return false;
    }
    final String who = other.placed().document().fileName() + ":" + other.placed().spec().line();
    if (other.action() == Action.DENY && rule.action() == Action.ALLOW) {
      warn(
          rule.placed(),
          "can never admit a call: " + other.placed().name() + " (" + who + ") denies all of them",
          "remove it or narrow the denial");
      return true;
    }
    // Of two that cover each other, the one that comes later is superfluous.
    if (rule.action() != other.action()
        || rule.action() == Action.SANDBOX
        || rule.bounded()
        || rule.index() < other.index() && covers(rule, other)) {
      return false;
    }
    warn(
        rule.placed(),
        "changes nothing: " + other.placed().name() + " (" + who + ") says the same of its calls",
        "remove it");
    return true;
  }

  /** Whether every call that the rule matches is matched by the wider one too, and done so. */
  private boolean covers(Reach wider, Reach rule) {
    return wider.tool() == rule.tool()
        && coversPlace(wider, rule)
        && !exempted.contains(wider.placed().name())
        && coversNames(wider.names(), rule.names())
        && (wider.hosts().isEmpty()
            || !rule.hosts().isEmpty() && coversNames(wider.hosts(), rule.hosts()))
        && coversAudience(wider.placed().spec().scope(), rule.placed().spec().scope())
        && coversCondition(wider.placed(), rule.placed());
  }

  private static boolean coversPlace(Reach wider, Reach rule) {
    final Place a = wider.placed().place();
    final Place b = rule.placed().place();
    if (a.mode() != b.mode()) {
      return false;
    }
    // An admission counts for its own level only; a denial holds below too.
    return a.equals(b)
        || wider.action() == Action.DENY
            && (b.isBelow(a) || a.path().equals(b.path()))
            && a.notEnvironments().isEmpty()
            && (a.environments().isEmpty()
                || !b.environments().isEmpty() && a.environments().containsAll(b.environments()));
  }

  private static boolean coversNames(List<String> wider, List<String> names) {
    if (wider.isEmpty() || wider.contains("*")) {
      return true;
    }
    return !names.isEmpty()
        && names.stream()
            .allMatch(
                name ->
                    wider.contains(name)
                        || !isPattern(name)
                            && wider.stream().anyMatch(glob -> GlobPattern.matches(glob, name)));
  }

  private static boolean isPattern(String name) {
    return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
  }

  private boolean coversAudience(RuleSpec.Scope widerScope, RuleSpec.Scope scope) {
    final Audience wider = Audience.of(widerScope, tree);
    final Audience narrow = Audience.of(scope, tree);
    return coversSet(wider.teams(), narrow.teams())
        && coversSet(wider.users(), narrow.users())
        && coversSet(wider.useCases(), narrow.useCases())
        && coversSet(wider.agents(), narrow.agents())
        && coversSet(wider.roles(), narrow.roles())
        && coversSet(wider.environments(), narrow.environments());
  }

  private static boolean coversSet(Set<String> wider, Set<String> narrow) {
    return wider.isEmpty() || !narrow.isEmpty() && wider.containsAll(narrow);
  }

  private boolean coversCondition(Placed wider, Placed rule) {
    final Constraints demanded = demands.get(wider);
    if (demanded == null) {
      return true;
    }
    final Constraints own = demands.get(rule);
    return own != null && !own.canFail() && own.implies(demanded);
  }

  private void warn(Placed placed, String problem, String fix) {
    warnings.add(placed.refuse("the rule " + placed.name() + " " + problem, fix).getMessage());
  }
}
