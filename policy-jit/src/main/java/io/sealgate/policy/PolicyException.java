package io.sealgate.policy;

/** A policy document was refused. Says where, what is wrong and what to do about it. */
public final class PolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final int line;
  private final String problem;
  private final String fix;

  /**
   * @param line 1-based, 0 if no line is to blame
   * @param problem what is wrong
   * @param fix what the author of the document should do
   */
  public PolicyException(String file, int line, String problem, String fix) {
    super((line > 0 ? file + ":" + line : file) + ": " + problem + "; " + fix);
    this.file = file;
    this.line = line;
    this.problem = problem;
    this.fix = fix;
  }

  public String file() {
    return file;
  }

  /** The line of the document, 1-based; 0 if no line is to blame. */
  public int line() {
    return line;
  }

  public String problem() {
    return problem;
  }

  public String fix() {
    return fix;
  }
}
