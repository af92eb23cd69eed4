package io.sealgate.log;

import java.io.IOException;

/**
 * A note, checkpoint or key is not of the form its specification demands, or no trusted key signed
 * it.
 */
public final class NoteException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, without quoting the input. */
  public NoteException(String message) {
    super(message);
  }

  /** Says what is wrong, with the error underneath. */
  public NoteException(String message, Throwable cause) {
    super(message, cause);
  }
}
