package io.sealgate.signer.token;

import org.xipki.pkcs11.wrapper.PKCS11Exception;

/** A token could not do what it was asked; {@link #fault()} says what may help. */
public final class TokenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final TokenFault fault;

  /** A failure found by this program. */
  public TokenException(TokenFault fault, String message) {
    super(message);
    this.fault = fault;
  }

  /** A failure with a cause below it. */
  public TokenException(TokenFault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  /** A failure the module reported; {@code doing} names the step in plain words. */
  static TokenException of(String doing, PKCS11Exception cause) {
    return new TokenException(
        TokenFault.ofReturnValue(cause.getErrorCode()), doing + ": " + cause.getErrorName(), cause);
  }

  /** What the failure asks for. */
  public TokenFault fault() {
    return fault;
  }
}
