package io.sealgate.gateway.config;

import java.io.Serial;

/**
 * A configuration that cannot be used. The message names the file, the line, the key and the way
 * out, and never holds a secret: the file only names files that hold them.
 */
public final class ConfigException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final String file;
  private final int line;
  private final String key;
  private final String reason;

  /**
   * @param file name of the file as the operator gave it
   * @param line line counted from one, or zero when no line is to blame
   * @param key dotted path of the key, or empty
   * @param reason what is wrong and what would be right
   */
  public ConfigException(final String file, final int line, final String key, final String reason) {
    super(file + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + reason);
    this.file = file;
    this.line = line;
    this.key = key;
    this.reason = reason;
  }

  /** Name of the file as the operator gave it. */
  public String file() {
    return file;
  }

  /** Line counted from one, or zero when no line is to blame. */
  public int line() {
    return line;
  }

  /** Dotted path of the key, such as {@code upstreams[0].base-url}; empty for the whole file. */
  public String key() {
    return key;
  }

  /** What is wrong and what would be right. */
  public String reason() {
    return reason;
  }
}
