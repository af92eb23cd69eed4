package io.sealgate.policy.cel;

/** An expression that is not CEL, does not fit the schema, or is outside the profile. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String problem;
  private final String fix;
  private final boolean overload;

  /**
   * What is wrong, and the way out.
   *
   * @param problem what is wrong
   * @param fix what the author of the expression should do
   */
  public RefusedException(String problem, String fix) {
    this(problem, fix, false);
  }

  RefusedException(String problem, String fix, boolean overload) {
    super(problem + "; " + fix);
    this.overload = overload;
    this.problem = problem;
    this.fix = fix;
  }

  /**
   * Whether all that is wrong is that operators or functions do not take their arguments' types.
   */
  boolean isOverload() {
    return overload;
  }

  /** What is wrong. */
  public String problem() {
    return problem;
  }

  /** What the author of the expression should do. */
  public String fix() {
    return fix;
  }
}
