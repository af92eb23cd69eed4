package io.sealgate.gateway.data;

import java.io.Serial;

/** The gateway cannot start or carry on; the message says why and the way out. */
public final class GatewayException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /** A failure whose cause the message already tells. */
  public GatewayException(final String message) {
    super(message);
  }

  /** A failure with the exception behind it. */
  public GatewayException(final String message, final Throwable cause) {
    super(message, cause);
  }
}
