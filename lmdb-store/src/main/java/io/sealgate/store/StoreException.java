package io.sealgate.store;

import java.io.IOException;

/**
 * The store could not do what was asked: disk, permission, space or a damaged file. The message
 * names the directory and the way out; nothing of the failed transaction is kept.
 */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception whose message carries the cause and the way out. */
  public StoreException(String message) {
    super(message);
  }

  /** Makes an exception with the error underneath. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
