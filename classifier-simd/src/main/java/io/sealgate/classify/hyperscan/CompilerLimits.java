package io.sealgate.classify.hyperscan;

import java.time.Duration;

/**
 * What one compilation in a process of its own may take.
 *
 * @param time for any set, from the start of the process to its answer
 * @param timeEach added for every expression
 * @param memoryBytes resident memory
 */
public record CompilerLimits(Duration time, Duration timeEach, long memoryBytes) {
  /** Ten thousand ordinary expressions take half a minute and a few hundred megabytes. */
  public static final CompilerLimits DEFAULT =
      new CompilerLimits(Duration.ofSeconds(20), Duration.ofMillis(10), 1_536L << 20);

  /** For a set of so many expressions. */
  Duration time(final int expressions) {
    return time.plus(timeEach.multipliedBy(expressions));
  }
}
