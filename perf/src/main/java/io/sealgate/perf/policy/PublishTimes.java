package io.sealgate.perf.policy;

import io.sealgate.policy.PolicyCompiler;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.PolicySet;
import io.sealgate.policy.Snapshot;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What publishing takes, in a JVM that has done nothing else: a program for a process of its own.
 * Prints {@code name value} lines: times in milliseconds, sizes in bytes.
 */
public final class PublishTimes {
  /** A publish of 10,000 rules as the first that the process does. */
  public static final String FIRST_MS = "first_ms";

  /** The same in a process that published before, with conditions of other shapes. */
  public static final String COLD_MS = "cold_ms";

  /** A publish after one rule of 10,000 was edited. */
  public static final String EDIT_P50_MS = "edit_p50_ms";

  /** The longest of those. */
  public static final String EDIT_MAX_MS = "edit_max_ms";

  /** The longest that a call took beside such a publish, the median of windows. */
  public static final String GAP_PUBLISH_P50_MS = "gap_publish_p50_ms";

  /** The longest of all. */
  public static final String GAP_PUBLISH_MAX_MS = "gap_publish_max_ms";

  /** The same in windows between those, in which nothing is published. */
  public static final String GAP_QUIET_P50_MS = "gap_quiet_p50_ms";

  /** The longest of all. */
  public static final String GAP_QUIET_MAX_MS = "gap_quiet_max_ms";

  /** Rules in those. */
  public static final String RULES = "rules";

  /** A publish of 100,000 rules. */
  public static final String LARGE_MS = "large_ms";

  /** Heap that it keeps, after garbage collection. */
  public static final String HEAP_BYTES = "heap_bytes";

  /** Metaspace by which it grew. */
  public static final String METASPACE_BYTES = "metaspace_bytes";

  /** Its rules. */
  public static final String LARGE_RULES = "large_rules";

  private static final int PUBLISHED = 10_000;
  private static final int MEASURED = 100_000;
  private static final int EDITS = 30;
  private static final int WINDOWS = 100;
  private static final long WARM_MILLIS = 2_000;

  /** As the gateway warms up what it publishes. */
  private static final long WARM_UP_NANOS = 20_000_000;

  private static final double NANOS_PER_MILLI = 1e6;

  private PublishTimes() {}

  /** Runs; takes no arguments. */
  public static void main(final String[] args) throws Exception {
    long start = System.nanoTime();
    Snapshot snapshot = compile(parse(new Organisation(PUBLISHED).texts()));
    say(FIRST_MS, millis(start));
    // The JVM has seen a publish, but none of these shapes.
    final List<String> texts = new Organisation(PUBLISHED, "call.tools >= 0 && ").texts();
    start = System.nanoTime();
    List<PolicyDocument> documents = parse(texts);
    snapshot = compile(documents);
    say(COLD_MS, millis(start));
    final double[] edits = new double[EDITS];
    for (int i = 0; i < EDITS; i++) {
      // Another literal in the first rule of another document.
      final String text = texts.get(1 + i).replaceFirst("when: '", "when: 'call.tools < 9 && ");
      start = System.nanoTime();
      documents.set(1 + i, Organisation.document(text));
      snapshot = compile(documents);
      edits[i] = millis(start);
    }
    Arrays.sort(edits);
    say(EDIT_P50_MS, edits[EDITS / 2]);
    say(EDIT_MAX_MS, edits[EDITS - 1]);
    say(RULES, snapshot.ruleCount());
    gaps(snapshot, documents, texts);
    documents = null;
    snapshot = null;
    memory();
  }

  /** Windows with and without a publish by turns, so that both see the same machine. */
  private static void gaps(
      final Snapshot first, final List<PolicyDocument> documents, final List<String> texts)
      throws Exception {
    final double[] publishing = new double[WINDOWS];
    final double[] quiet = new double[WINDOWS];
    try (CallGaps calls = new CallGaps(first)) {
      Thread.sleep(WARM_MILLIS);
      final Snapshot[] inForce = {first};
      long publishMillis = 0;
      for (int i = 0; i < WINDOWS; i++) {
        final int edited = 1 + i % (texts.size() - 1);
        final String text =
            texts.get(edited).replaceFirst("when: '", "when: 'call.tools < " + i + " && ");
        final long start = System.nanoTime();
        publishing[i] =
            calls.longestMillis(
                () -> {
                  documents.set(edited, Organisation.document(text));
                  inForce[0] = compile(documents);
                  inForce[0].warmUp(List.of(), Organisation.NOW_EPOCH_MILLIS, WARM_UP_NANOS);
                  return inForce[0];
                });
        publishMillis = (System.nanoTime() - start) / 1_000_000;
        final long same = publishMillis;
        quiet[i] =
            calls.longestMillis(
                () -> {
                  Thread.sleep(same);
                  return inForce[0];
                });
      }
    }
    say(GAP_PUBLISH_P50_MS, CallGaps.quantile(publishing, 0.5));
    say(GAP_PUBLISH_MAX_MS, CallGaps.quantile(publishing, 1));
    say(GAP_QUIET_P50_MS, CallGaps.quantile(quiet, 0.5));
    say(GAP_QUIET_MAX_MS, CallGaps.quantile(quiet, 1));
  }

  private static void memory() throws PolicyException {
    final long heapBefore = usedHeap();
    final long metaspaceBefore = usedMetaspace();
    final long start = System.nanoTime();
    final Snapshot snapshot = compile(new Organisation(MEASURED).documents());
    say(LARGE_MS, millis(start));
    say(HEAP_BYTES, usedHeap() - heapBefore);
    say(METASPACE_BYTES, usedMetaspace() - metaspaceBefore);
    say(LARGE_RULES, snapshot.ruleCount());
  }

  private static List<PolicyDocument> parse(final List<String> texts) throws PolicyException {
    return new ArrayList<>(
        PolicyDocument.parseAll(
            texts.stream()
                .map(
                    text ->
                        new PolicySet.Source("bench.yaml", text.getBytes(StandardCharsets.UTF_8)))
                .toList(),
            BenchTypes.TYPES));
  }

  private static Snapshot compile(final List<PolicyDocument> documents) throws PolicyException {
    return PolicyCompiler.compile("acme", documents, BenchTypes.TYPES);
  }

  private static long usedHeap() {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return used;
  }

  private static long usedMetaspace() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Metaspace"))
        .map(MemoryPoolMXBean::getUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }

  private static double millis(final long startNanos) {
    return (System.nanoTime() - startNanos) / NANOS_PER_MILLI;
  }

  private static void say(final String name, final double value) {
    System.out.printf(Locale.ROOT, "%s %.3f%n", name, value);
  }
}
