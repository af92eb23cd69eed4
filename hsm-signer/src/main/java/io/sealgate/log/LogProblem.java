package io.sealgate.log;

/**
 * What a verifier found wrong, and the first record it concerns. Ends the verification of a shard.
 */
final class LogProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final long index;

  LogProblem(long index, String problem) {
    super(problem, null, false, false);
    this.index = index;
  }

  long index() {
    return index;
  }
}
