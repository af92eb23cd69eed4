package io.sealgate.classify.finding;

/**
 * The classifier could not be built, or could not read a text to its end. A caller that needs the
 * findings must deny the call. Messages name patterns and native error codes, never a byte of the
 * text.
 */
public final class ClassifierException extends Exception {
  private static final long serialVersionUID = 1L;

  public ClassifierException(final String message) {
    super(message);
  }

  public ClassifierException(final String message, final Throwable cause) {
    super(message, cause);
  }

  /**
   * Wraps a broken invariant. Keeps where it happened but not its message, because a message of the
   * runtime may quote the text that was being read.
   */
  public static ClassifierException internal(final RuntimeException failure) {
    final var wrapped =
        new ClassifierException("the scan failed inside: " + failure.getClass().getName());
    wrapped.setStackTrace(failure.getStackTrace());
    return wrapped;
  }
}
