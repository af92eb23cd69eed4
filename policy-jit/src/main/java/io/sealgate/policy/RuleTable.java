package io.sealgate.policy;

import io.sealgate.policy.cel.Literals;
import io.sealgate.policy.cel.Shape;
import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.RateLimit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an evaluation reads of every candidate, side by side in one array: a head word, then the
 * literals of the condition. Candidates of one call are neighbours where they stand together in a
 * document, so a decision touches few cache lines however many rules there are. Immutable.
 */
final class RuleTable {
  /** What a rule does, in the lowest bits of its head. */
  static final int ADMISSION = 0;

  static final int DENIAL = 1;
  static final int SANDBOX = 2;
  static final int CONTENT = 3;
  static final int FAILOVER = 4;
  static final int CONSENT = 5;
  static final int RATE = 6;
  static final int BUDGET = 7;

  private static final int KIND_MASK = 0x7;

  /** Its document is in force here, and not only observed. */
  private static final int ENFORCED = 1 << 3;

  /** Its document is bound in another mode in some environments. */
  private static final int ELSEWHERE = 1 << 4;

  private static final int EXEMPTED = 1 << 5;

  /** An admission that {@linkplain RuleEffect.Access#asks asks} for something. */
  private static final int ASKS = 1 << 6;

  /** A limit that narrower scopes may replace. */
  private static final int REPLACEABLE = 1 << 7;

  private static final int LEVEL_SHIFT = 8;
  private static final int LEVEL_MASK = 0x3f;
  private static final int EFFECT_SHIFT = 14;
  private static final int EFFECT_MASK = 0x3ffff;

  /** The kernel plus one, 0 for a rule without condition. */
  private static final int KERNEL_SHIFT = 32;

  private static final int KERNEL_MASK = 0x1ffff;

  /** The place in the {@link FusedBuckets} plus one, 0 for a rule that is in none. */
  private static final int FUSED_SHIFT = 49;

  private final CompiledRule[] rules;
  private final int[] starts;
  private final long[] words;
  private final Object[] objects;
  private final Condition[] kernels;
  private final FusedCondition[] fused;

  /** Of limits the limit itself, so that its counter is one step away. */
  private final Object[] effects;

  private RuleTable(Builder builder) {
    rules = builder.rules;
    starts = builder.starts;
    words = builder.literals.words();
    objects = builder.literals.objects();
    kernels = builder.kernels.toArray(Condition[]::new);
    fused = builder.fused.buckets();
    effects = builder.effects.toArray();
  }

  int size() {
    return rules.length;
  }

  /** How many methods evaluate several rules' conditions at once. */
  int fusedBuckets() {
    return fused.length;
  }

  /** The bucket of a rule; -1 if its condition is evaluated by itself. */
  int fusedBucket(int rule) {
    final int place = (int) (head(rule) >>> FUSED_SHIFT) - 1;
    return place < 0 ? -1 : place / FusedCondition.CONDITIONS_MAX;
  }

  CompiledRule rule(int rule) {
    return rules[rule];
  }

  /** What the other methods about a rule want besides its index. */
  long head(int rule) {
    return words[starts[rule]];
  }

  static int kind(long head) {
    return (int) head & KIND_MASK;
  }

  static boolean isEnforced(long head) {
    return (head & ENFORCED) != 0;
  }

  static boolean asks(long head) {
    return (head & ASKS) != 0;
  }

  /** The bit of the rule's level in a set of levels. */
  static long levelBit(long head) {
    return 1L << (head >>> LEVEL_SHIFT & LEVEL_MASK);
  }

  private Object effect(long head) {
    return effects[(int) head >>> EFFECT_SHIFT & EFFECT_MASK];
  }

  /** Of a rule of kind {@link #ADMISSION}, {@link #DENIAL} or {@link #SANDBOX}. */
  RuleEffect.Access access(long head) {
    return (RuleEffect.Access) effect(head);
  }

  /** Of a rule of kind {@link #CONTENT}. */
  RuleEffect.Content content(long head) {
    return (RuleEffect.Content) effect(head);
  }

  /** Of a rule of kind {@link #FAILOVER}. */
  RuleEffect.Failover failover(long head) {
    return (RuleEffect.Failover) effect(head);
  }

  /** Of a rule of kind {@link #CONSENT}. */
  Approval approval(long head) {
    return ((RuleEffect.Consent) effect(head)).approval();
  }

  /** Of a rule of kind {@link #RATE}. */
  RateLimit rate(long head) {
    return (RateLimit) effect(head);
  }

  /** Of a rule of kind {@link #BUDGET}. */
  BudgetLimit budget(long head) {
    return (BudgetLimit) effect(head);
  }

  /** The exemption that keeps a rule off the call, null if there is none. */
  Exemption exemption(int rule, long head, Facts facts) {
    return (head & EXEMPTED) == 0 ? null : rules[rule].exemption(facts);
  }

  /**
   * Whether a rule's condition holds for a call for which the index found it: one of {@link
   * Condition}'s three values.
   *
   * @param known of this call
   */
  int holds(int rule, long head, Facts facts, FusedBuckets.Outcomes known) {
    final int place = (int) (head >>> FUSED_SHIFT) - 1;
    if (place == FusedBuckets.NONE) {
      return holdsAlone(rule, head, facts);
    }
    return isElsewhere(rule, head, facts) ? Condition.FALSE : known.holds(place, fused, facts);
  }

  private boolean isElsewhere(int rule, long head, Facts facts) {
    return (head & ELSEWHERE) != 0 && rules[rule].place.isElsewhere(facts);
  }

  private int holdsAlone(int rule, long head, Facts facts) {
    if (isElsewhere(rule, head, facts)) {
      return Condition.FALSE;
    }
    final int kernel = (int) (head >>> KERNEL_SHIFT) & KERNEL_MASK;
    return kernel == 0
        ? Condition.TRUE
        : kernels[kernel - 1].test(facts, words, starts[rule] + 1, objects);
  }

  /** Whether scope and condition hold, of any call: one of {@link Condition}'s three values. */
  int applies(CompiledRule rule, Facts facts) {
    return rule.place.holds(facts) && rule.audience().holds(facts)
        ? holdsAlone(rule.index, head(rule.index), facts)
        : Condition.FALSE;
  }

  /** Whether narrower scopes' rules take a limit's place for the call. */
  boolean isReplaced(int rule, long head, Facts facts) {
    if ((head & REPLACEABLE) == 0) {
      return false;
    }
    for (final CompiledRule narrower : rules[rule].replacedBy()) {
      if (applies(narrower, facts) == Condition.TRUE) {
        return true;
      }
    }
    return false;
  }

  /** Collects rules; those added one after the other become neighbours. */
  static final class Builder {
    private final CompiledRule[] rules;
    private final int[] starts;
    private final Literals literals = new Literals();
    private final FusedBuckets fused;
    private final List<Condition> kernels = new ArrayList<>();
    private final Map<Condition, Integer> kernelNumbers = new IdentityHashMap<>();
    private final List<Object> effects = new ArrayList<>();
    private final Map<Object, Integer> effectNumbers = new HashMap<>();

    /** A table of so many rules, each of which must be added. */
    Builder(int ruleCount, FusedBuckets fused) {
      this.rules = new CompiledRule[ruleCount];
      this.starts = new int[ruleCount];
      this.fused = fused;
    }

    /**
     * Adds a rule that knows already what {@linkplain CompiledRule#replacedBy replaces} it.
     *
     * @param condition null if there is none
     * @param kernel what evaluates conditions of this shape; null if there is none
     */
    void add(CompiledRule rule, Shape condition, Condition kernel) {
      starts[rule.index] = literals.add(head(rule, kernel));
      rules[rule.index] = rule;
      if (kernel != null) {
        literals.add(condition);
      }
    }

    private long head(CompiledRule rule, Condition kernel) {
      int low = kindAndAsks(rule.effect) | rule.place.level() << LEVEL_SHIFT;
      low |= rule.place.enforced() ? ENFORCED : 0;
      low |= rule.place.notEnvironments().isEmpty() ? 0 : ELSEWHERE;
      low |= rule.isExempted() ? EXEMPTED : 0;
      low |= rule.replacedBy().length == 0 ? 0 : REPLACEABLE;
      low |= number(bare(rule.effect), effects, effectNumbers) << EFFECT_SHIFT;
      final long number = kernel == null ? 0 : number(kernel, kernels, kernelNumbers) + 1;
      final long place = fused.place(rule.index) + 1;
      return place << FUSED_SHIFT | number << KERNEL_SHIFT | low & 0xffff_ffffL;
    }

    private static Object bare(RuleEffect effect) {
      return switch (effect) {
        case RuleEffect.Rate rate -> rate.limit();
        case RuleEffect.Budget budget -> budget.limit();
        default -> effect;
      };
    }

    private static <T> int number(T value, List<T> values, Map<T, Integer> numbers) {
      return numbers.computeIfAbsent(
          value,
          v -> {
            values.add(v);
            return values.size() - 1;
          });
    }

    private static int kindAndAsks(RuleEffect effect) {
      return switch (effect) {
        case RuleEffect.Access access ->
            (access.asks() ? ASKS : 0)
                | switch (access.action()) {
                  case ALLOW -> ADMISSION;
                  case DENY -> DENIAL;
                  case SANDBOX -> SANDBOX;
                };
        case RuleEffect.Content _ -> CONTENT;
        case RuleEffect.Failover _ -> FAILOVER;
        case RuleEffect.Consent _ -> CONSENT;
        case RuleEffect.Rate _ -> RATE;
        case RuleEffect.Budget _ -> BUDGET;
      };
    }

    RuleTable build() {
      return new RuleTable(this);
    }
  }
}
