package io.sealgate.perf.jmh;

import io.sealgate.perf.policy.BenchTypes;
import io.sealgate.perf.policy.Organisation;
import io.sealgate.policy.Decision;
import io.sealgate.policy.Facts;
import io.sealgate.policy.LimitState;
import io.sealgate.policy.PolicyCompiler;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.Snapshot;
import io.sealgate.policy.Verdict;
import io.sealgate.policy.index.ScopeIndex;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One decision in an {@link Organisation}, from filling the facts in to the verdict. Calls come
 * from all groups in random order, so rules are as cold as they are many.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecideBenchmark {
  private static final long SEED = 20_261_121;

  /** A power of two: calls are taken in turn. */
  private static final int CALLS = 16_384;

  private static final int LIMIT_BUCKETS_MAX = 1_000_000;

  /** A snapshot and calls for it. */
  @State(Scope.Thread)
  public abstract static class Decided {
    /** Rules in the snapshot. */
    @Param({"10", "100", "1000", "10000", "100000"})
    public int rules;

    private final Facts facts = new Facts();
    private final Verdict verdict = new Verdict();
    private final LimitState limits = new LimitState(LIMIT_BUCKETS_MAX);
    private final int[] groups = new int[CALLS];
    private Snapshot snapshot;
    private int turn;

    /** The index; null for the one that suits the size. */
    abstract ScopeIndex.Kind kind();

    /** Publishes, and checks that calls are admitted by as many rules as they should. */
    @Setup
    public void publish() throws PolicyException {
      final Organisation organisation = new Organisation(rules);
      snapshot = PolicyCompiler.compile("acme", organisation.documents(), BenchTypes.TYPES, kind());
      final Random random = new Random(SEED);
      for (int i = 0; i < CALLS; i++) {
        groups[i] = random.nextInt(organisation.groups());
        final Verdict decided = decide(groups[i]);
        final int expected = Math.min(rules, Organisation.GROUP);
        if (decided.done() == Decision.BLOCK || decided.matchedTotal() < expected) {
          throw new IllegalStateException(
              decided.done() + " by " + decided.matchedTotal() + " of " + expected + " rules");
        }
      }
    }

    private Verdict decide(final int group) {
      Organisation.call(group, facts);
      snapshot.evaluate(facts, limits, Organisation.NOW_EPOCH_MILLIS, verdict);
      return verdict;
    }

    final Verdict next() {
      return decide(groups[turn++ & CALLS - 1]);
    }
  }

  /** As in the gateway. */
  @State(Scope.Thread)
  public static class Indexed extends Decided {
    @Override
    ScopeIndex.Kind kind() {
      return null;
    }
  }

  /** With a look at every rule's scope. */
  @State(Scope.Thread)
  public static class Linear extends Decided {
    @Override
    ScopeIndex.Kind kind() {
      return ScopeIndex.Kind.LINEAR;
    }
  }

  /** A decision as in the gateway. */
  @Benchmark
  public Verdict indexed(final Indexed organisation) {
    return organisation.next();
  }

  /**
   * The same, timed as a whole, to see what it allocates: the samples that JMH keeps of single
   * decisions take about 0.2 MB a second themselves.
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public Verdict indexedMean(final Indexed organisation) {
    return organisation.next();
  }

  /** A decision without an index. */
  @Benchmark
  public Verdict linear(final Linear organisation) {
    return organisation.next();
  }
}
