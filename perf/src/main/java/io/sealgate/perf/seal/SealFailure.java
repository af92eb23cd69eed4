package io.sealgate.perf.seal;

/** A load that the signer did not carry; the message says why. */
public final class SealFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** A failure with its reason. */
  public SealFailure(final String message) {
    super(message);
  }
}
