package io.sealgate.perf.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * One run of benchmarks that are to be compared with each other. Benchmarks must report average or
 * sampled times in nanoseconds.
 *
 * @param samples in JMH's order
 */
public record JmhRun(List<Sample> samples) {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /** Copies the samples. */
  public JmhRun {
    samples = List.copyOf(samples);
  }

  /**
   * Runs benchmarks, each in a JVM of its own with the flags of this one.
   *
   * @param pattern regular expression over the names of benchmarks
   * @param seconds measured time of each, and half as much of warm-up
   * @throws RunnerException when a benchmark fails
   */
  public static JmhRun of(final String pattern, final int seconds) throws RunnerException {
    final ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(pattern)
            .forks(1)
            .warmupIterations(Math.max(2, seconds / 2))
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(seconds)
            .measurementTime(TimeValue.seconds(1))
            .shouldFailOnError(true)
            .addProfiler(GCProfiler.class);
    final Collection<RunResult> results = new Runner(options.build()).run();
    final List<Sample> samples = new ArrayList<>();
    for (final RunResult result : results) {
      samples.add(sample(result));
    }
    return new JmhRun(samples);
  }

  private static Sample sample(final RunResult run) {
    final Map<String, String> parameters = new HashMap<>();
    for (final String key : run.getParams().getParamsKeys()) {
      parameters.put(key, run.getParams().getParam(key));
    }
    final Result<?> allocated = run.getSecondaryResults().get(ALLOCATED);
    final String name = run.getParams().getBenchmark();
    final int method = name.lastIndexOf('.');
    return new Sample(
        name.substring(name.lastIndexOf('.', method - 1) + 1),
        parameters,
        run.getPrimaryResult().getScore(),
        run.getPrimaryResult().getScoreError(),
        allocated == null ? Double.NaN : allocated.getScore(),
        percentile(run, 50),
        percentile(run, 99));
  }

  private static double percentile(final RunResult run, final double percent) {
    return run.getParams().getMode() == Mode.SampleTime
        ? run.getPrimaryResult().getStatistics().getPercentile(percent)
        : Double.NaN;
  }

  /** The sample of a benchmark with these parameters (key, value, ...), if it was run. */
  public Optional<Sample> find(final String name, final String... parameters) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name) && fits(sample, parameters))
        .findFirst();
  }

  /**
   * As {@link #find}.
   *
   * @throws IllegalStateException when it was not run
   */
  public Sample get(final String name, final String... parameters) {
    return find(name, parameters)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no result of " + name + " with " + String.join(" ", parameters)));
  }

  private static boolean fits(final Sample sample, final String... parameters) {
    for (int i = 0; i < parameters.length; i += 2) {
      if (!parameters[i + 1].equals(sample.parameters().get(parameters[i]))) {
        return false;
      }
    }
    return true;
  }
}
