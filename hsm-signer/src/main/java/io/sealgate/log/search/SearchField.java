package io.sealgate.log.search;

/** What records can be found by, besides their time. The names are those of the command line. */
public enum SearchField {
  /** Organisation of the caller. */
  ORG,
  /** Team of the caller. */
  TEAM,
  /** User of the caller. */
  USER,
  /** Agent that called. */
  AGENT,
  /** Use case that the call belongs to. */
  USE_CASE,
  /** Model that was asked for. */
  MODEL,
  /** What was decided, such as {@code block}. */
  VERDICT,
  /** A rule that matched, the deciding one among them. */
  RULE,
  /** A finding type. */
  LABEL,
  /** {@code decision}, {@code outcome} or {@code event}. */
  KIND;

  private static final SearchField[] FIELDS = values();

  static SearchField of(final int code) {
    return FIELDS[code];
  }
}
