package io.sealgate.log.verify;

/**
 * What a verifier found wrong, and the first record it concerns. Ends the verification of a shard.
 */
public final class VerifyFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final VerifyExit exit;
  private final long index;

  /**
   * A finding.
   *
   * @param index the first record it concerns, -1 for none
   */
  public VerifyFailure(VerifyExit exit, long index, String problem) {
    super(problem, null, false, false);
    this.exit = exit;
    this.index = index;
  }

  /** The class of the failure. */
  public VerifyExit exit() {
    return exit;
  }

  /** The first record it concerns, -1 for none. */
  public long index() {
    return index;
  }
}
