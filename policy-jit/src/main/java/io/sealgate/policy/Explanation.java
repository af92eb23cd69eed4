package io.sealgate.policy;

import io.sealgate.policy.DecisionInputs.Decidable;
import io.sealgate.policy.DecisionInputs.NotReplayableException;
import io.sealgate.policy.Placement.Placed;
import io.sealgate.policy.cel.RefusedException;
import io.sealgate.policy.index.GlobPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why one call is decided as it is: every rule in whose scope it lies, each term of their
 * conditions with its value, evaluated by dev.cel's interpreter in place of compiled code, and
 * whether both come to the same verdict. A run by itself: explaining changes no verdict.
 */
public final class Explanation {
  private static final Pattern NAME = Pattern.compile("[a-z_]+(?:\\.[A-Za-z_]+)+|labels");

  private final PolicySet set;
  private final Facts facts;
  private final Map<String, Object> variables;
  private final List<String> lines = new ArrayList<>();
  private final String compiled;
  private final String reference;

  private Explanation(PolicySet set, Decidable call)
      throws PolicyException, NotReplayableException {
    this.set = set;
    this.facts = call.facts();
    final Verdict verdict = call.decide(set.snapshot());
    this.compiled = VerdictReport.json(verdict, set.snapshot());
    final Snapshot interpreted =
        PolicyCompiler.compile(
            set.org(),
            set.documents(),
            set.types(),
            shape -> new ReferenceCondition(shape.source(), set.types()));
    this.reference = VerdictReport.json(call.decide(interpreted), interpreted);
    this.variables = ReferenceCondition.variables(facts, set.types());
    final Placement placement = new Placement(set.org(), set.documents());
    for (final Placed placed : placement.rules()) {
      if (placed.place().holds(facts)
          && Audience.of(placed.spec().scope(), placement.tree()).holds(facts)
          && isAboutName(placed.spec().effect())) {
        explain(placed, verdict);
      }
    }
    lines.add(verdict.reasonText());
    if (verdict.capture() != Capture.COMMITMENTS) {
      lines.add("Kept of the call: " + verdict.capture().name().toLowerCase(Locale.ROOT) + ".");
    }
  }

  /**
   * Explains a call that an author wrote down.
   *
   * @throws PolicyException if the call names what the policies do not have
   */
  public static Explanation of(PolicySet set, CallCase call) throws PolicyException {
    try {
      return new Explanation(
          set,
          new Decidable(
              call.facts(set.snapshot(), set.org()),
              call.counters(set.snapshot(), set.org()),
              call.epochMillis()));
    } catch (NotReplayableException e) {
      throw new IllegalStateException("a call that was written down reads no record", e);
    }
  }

  /**
   * Explains a call that was recorded.
   *
   * @throws NotReplayableException if the policies need what was not recorded
   */
  public static Explanation of(PolicySet set, DecisionInputs inputs)
      throws PolicyException, NotReplayableException {
    return new Explanation(set, inputs.decidable(set.snapshot()));
  }

  /** For people: the candidate rules with their terms, then the verdict. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** Whether compiled code and interpreter come to the same verdict. */
  public boolean isSame() {
    return compiled.equals(reference);
  }

  /** The verdict of the compiled rules as JSON. */
  public String compiled() {
    return compiled;
  }

  /** The verdict of the interpreter as JSON. */
  public String reference() {
    return reference;
  }

  private boolean isAboutName(RuleSpec.Effect effect) {
    final boolean tool = !facts.toolName.isEmpty();
    return switch (effect) {
      case RuleSpec.ModelAccess a ->
          !tool && any(a.models(), facts.model) && any(a.providers(), facts.provider);
      case RuleSpec.ToolAccess a ->
          tool && any(a.tools(), facts.toolName) && any(a.servers(), facts.toolServer);
      default -> true;
    };
  }

  private static boolean any(List<String> globs, String name) {
    return globs.isEmpty() || globs.stream().anyMatch(glob -> GlobPattern.matches(glob, name));
  }

  private void explain(Placed placed, Verdict verdict) throws PolicyException {
    final boolean matched = isNamed(placed, verdict);
    lines.add(
        placed.document().fileName()
            + ":"
            + placed.spec().line()
            + ": "
            + placed.name()
            + (placed.place().enforced() ? "" : " (observe)")
            + ": "
            + (matched ? "matched" : "in scope, not matched"));
    if (placed.spec().condition().isPresent()) {
      for (final String term : ConditionTerms.of(placed.spec().condition().get().source())) {
        lines.add("    " + term.replaceAll("\\s+", " ") + " = " + value(placed, term));
      }
    }
  }

  private static boolean isNamed(Placed placed, Verdict verdict) {
    for (int i = 0; i < verdict.matchedCount(); i++) {
      if (verdict.matched(i).toString().equals(placed.name())
          && verdict.matched(i).enforced() == placed.place().enforced()) {
        return true;
      }
    }
    return false;
  }

  private String value(Placed placed, String term) throws PolicyException {
    final int value;
    try {
      value = new ReferenceCondition(term, set.types()).test(facts);
    } catch (RefusedException e) {
      throw placed.refuse("the term '" + term + "' stands not by itself: " + e.problem(), e.fix());
    }
    final Map<String, String> read = new TreeMap<>();
    final Matcher names = NAME.matcher(term);
    while (names.find()) {
      String name = names.group();
      if (name.startsWith("findings.") && variables.get("findings") instanceof Map<?, ?> findings) {
        read.put(name, String.valueOf(findings.get(name.substring("findings.".length()))));
      }
      // What follows a variable's name is a field of it or a method on it.
      while (!variables.containsKey(name) && name.indexOf('.') > 0) {
        name = name.substring(0, name.lastIndexOf('.'));
      }
      if (variables.containsKey(name) && !name.equals("findings")) {
        read.put(name, String.valueOf(variables.get(name)));
      }
    }
    final String text =
        switch (value) {
          case Condition.TRUE -> "true";
          case Condition.FALSE -> "false";
          default -> "error";
        };
    return read.isEmpty() ? text : text + "   " + read;
  }
}
