package io.sealgate.gateway.net;

import java.io.IOException;

/**
 * Certificates or keys cannot be used as configured. One line: the file, the cause, the way out.
 */
public final class ServerTlsException extends IOException {
  private static final long serialVersionUID = 1L;

  ServerTlsException(final String message) {
    super(message);
  }

  ServerTlsException(final String message, final Throwable cause) {
    super(message, cause);
  }

  /** What a failure says about itself, from its innermost cause, on one line. */
  static String reason(final Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    final String name = root.getClass().getSimpleName();
    return root.getMessage() == null
        ? name
        : name + ": " + root.getMessage().strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
