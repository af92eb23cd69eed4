package io.sealgate.signer;

/** How a signer process ends; the supervisor decides by it whether to start another. */
public enum ExitCode {
  /** Asked to stop, and stopped. */
  CLEAN(0),
  /** A broken invariant; start again. */
  INTERNAL(70),
  /**
   * The log's volume is full or failing, or the log does not hold together; start again, with
   * pauses.
   */
  LOG_UNAVAILABLE(73),
  /**
   * A commit failed, so what the disk holds is unknown until the log is opened anew; start again.
   */
  COMMIT_FAILED(74),
  /** The token is absent or hangs; start again, with pauses. */
  TOKEN_UNAVAILABLE(75),
  /**
   * Only a person can mend it (PIN, key, folder in use); starting again would at worst lock the
   * token.
   */
  CONFIGURATION(78);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  /** The process's exit status. */
  public int status() {
    return status;
  }
}
