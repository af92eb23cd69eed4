package io.sealgate.perf.load;

/** A run that measured nothing usable; the message says what went wrong first. */
public final class LoadException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A run that failed for a reason of its own. */
  public LoadException(final String message) {
    super(message);
  }

  /** A run that failed because of something else. */
  public LoadException(final String message, final Throwable cause) {
    super(message, cause);
  }
}
