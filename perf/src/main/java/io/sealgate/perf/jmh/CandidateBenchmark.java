package io.sealgate.perf.jmh;

import io.sealgate.policy.index.CandidateBuffer;
import io.sealgate.policy.index.ScopeEntries;
import io.sealgate.policy.index.ScopeIndex;
import io.sealgate.policy.index.ScopeQuery;
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
 * The search for candidate rules by scope, over the three kinds of index. Nearly every rule is
 * about a node, and each about some of use case, phase, tool, model, role and environment, at times
 * about several; a call has a node with its up to three ancestors and two roles.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CandidateBenchmark {
  private static final long SEED = 20_261_121;

  /** A power of two: queries are taken in turn. */
  private static final int QUERIES = 256;

  private static final int NODE = 0;
  private static final int ROLE = 5;

  /** Node, use case, phase, tool, model, role, environment: how many of each there are. */
  private static final int[] IDS = {1_111, 10, 5, 200, 60, 40, 3};

  /** How many of a hundred rules are about each. */
  private static final int[] CONSTRAINED_PERCENT = {98, 15, 90, 50, 70, 30, 40};

  private static final int LIST_PERCENT = 10;
  private static final int LIST_MAX = 4;

  /** Nodes are numbered level by level, ten below each. */
  private static final int NODES_BELOW = 10;

  /** Rules in the index. */
  @Param({"1000", "10000", "100000"})
  public int rules;

  /** Which index. */
  @Param({"LINEAR", "BITMAP", "TUPLE_SPACE"})
  public ScopeIndex.Kind kind;

  private final ScopeQuery[] queries = new ScopeQuery[QUERIES];
  private final CandidateBuffer candidates = new CandidateBuffer();
  private ScopeEntries entries;
  private ScopeIndex index;
  private int turn;

  /** Builds the index and checks that it answers as a linear scan does. */
  @Setup
  public void build() {
    final Random random = new Random(SEED);
    final ScopeEntries.Builder builder = ScopeEntries.builder(IDS.length);
    for (int rule = 0; rule < rules; rule++) {
      builder.entry(rule);
      for (int dimension = 0; dimension < IDS.length; dimension++) {
        if (random.nextInt(100) < CONSTRAINED_PERCENT[dimension]) {
          final int count = random.nextInt(100) < LIST_PERCENT ? 1 + random.nextInt(LIST_MAX) : 1;
          final int ids = IDS[dimension];
          builder.only(dimension, random.ints(count, 0, ids).toArray());
        }
      }
    }
    for (int i = 0; i < QUERIES; i++) {
      queries[i] = call(random);
    }
    entries = builder.build();
    index = ScopeIndex.build(kind, entries);
    final ScopeIndex reference = ScopeIndex.build(ScopeIndex.Kind.LINEAR, entries);
    final CandidateBuffer expected = new CandidateBuffer();
    long found = 0;
    for (final ScopeQuery query : queries) {
      index.find(query, candidates);
      reference.find(query, expected);
      for (int i = 0; i < Math.max(expected.size(), candidates.size()); i++) {
        if (expected.size() != candidates.size() || expected.rule(i) != candidates.rule(i)) {
          throw new IllegalStateException("the index does not answer as a linear scan does");
        }
      }
      found += expected.size();
    }
    if (found == 0) {
      throw new IllegalStateException("no call has a candidate");
    }
  }

  private static ScopeQuery call(final Random random) {
    final ScopeQuery query = new ScopeQuery(IDS.length);
    int node = random.nextInt(IDS[NODE]);
    query.add(NODE, node);
    while (node > 0) {
      node = (node - 1) / NODES_BELOW;
      query.add(NODE, node);
    }
    for (int dimension = NODE + 1; dimension < IDS.length; dimension++) {
      query.add(dimension, random.nextInt(IDS[dimension]));
    }
    query.add(ROLE, random.nextInt(IDS[ROLE]));
    return query;
  }

  /** One call's candidates; returns how many. */
  @Benchmark
  public int find() {
    index.find(queries[turn++ & QUERIES - 1], candidates);
    return candidates.size();
  }

  /** The index of the kind from its entries, as a publish does. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public ScopeIndex publish() {
    return ScopeIndex.build(kind, entries);
  }
}
