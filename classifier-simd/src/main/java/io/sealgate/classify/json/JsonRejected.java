package io.sealgate.classify.json;

/**
 * A body that is refused. Carries no stack trace, so that refusing is as cheap as accepting, and
 * never a byte of the body.
 */
public final class JsonRejected extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why the body was refused. */
  public enum Reason {
    /** The bytes do not follow the grammar of RFC 8259. */
    NOT_JSON,
    /** The body starts with a byte order mark (RFC 8259, section 8.1). */
    BYTE_ORDER_MARK,
    /** Something other than white space follows the value. */
    TRAILING_BYTES,
    /** Overlong, truncated, surrogate or out-of-range UTF-8 (Unicode 15, table 3-7). */
    BAD_UTF8,
    /** A byte below 0x20 stands inside a string. */
    CONTROL_CHARACTER,
    /** A backslash is followed by something that is no escape. */
    BAD_ESCAPE,
    /** A {@code \\u} escape names half of a surrogate pair. */
    LONE_SURROGATE,
    /** Two members of one object have the same name once unescaped. */
    DUPLICATE_KEY,
    /** Leading zero, missing digits, NaN, or not an integer where one was asked for. */
    BAD_NUMBER,
    /** More containers open at once than {@link JsonLimits#depthMax()}. */
    TOO_DEEP,
    /** More bytes or nodes than the {@link JsonLimits} allow. */
    TOO_LARGE
  }

  private final Reason reason;
  private final int offset;

  public JsonRejected(final Reason reason, final int offset) {
    super("JSON refused: " + reason + " at byte " + offset, null, false, false);
    this.reason = reason;
    this.offset = offset;
  }

  /** Why the body was refused. */
  public Reason reason() {
    return reason;
  }

  /** Where, in bytes from the start of the body. */
  public int offset() {
    return offset;
  }
}
