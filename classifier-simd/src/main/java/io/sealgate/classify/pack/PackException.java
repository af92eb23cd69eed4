package io.sealgate.classify.pack;

/**
 * A pack was refused. The message names the pack, the line and the rule, what is wrong and what to
 * do about it.
 */
public final class PackException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param source the file or other name of the pack
   * @param line counted from 1; 0 when it concerns no line
   */
  public PackException(final String source, final int line, final String problem) {
    super(source + (line > 0 ? ":" + line : "") + ": " + problem);
  }
}
