package io.sealgate.policy.cel;

/** A case that is not in the form that cases have. */
public final class BadCaseException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A case with what is wrong with it. */
  public BadCaseException(String problem) {
    super(problem);
  }
}
