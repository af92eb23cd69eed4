package io.sealgate.signer;

import io.sealgate.signer.token.TokenException;
import io.sealgate.signer.token.TokenFault;

/** A signer could not start or go on; the message is for the operator. */
public final class SignerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  SignerException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  SignerException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  static SignerException of(TokenException e) {
    ExitCode code =
        e.fault() == TokenFault.FATAL ? ExitCode.CONFIGURATION : ExitCode.TOKEN_UNAVAILABLE;
    return new SignerException(code, e.getMessage(), e);
  }

  /** How the process should end. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
