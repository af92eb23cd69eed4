package io.sealgate.perf;

/** A suite that could not be run; the message says why and, where there is one, the way out. */
final class BenchException extends Exception {
  private static final long serialVersionUID = 1L;

  BenchException(final String message) {
    super(message);
  }

  BenchException(final String message, final Throwable cause) {
    super(message, cause);
  }
}
