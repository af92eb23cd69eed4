package io.sealgate.gateway.content;

/**
 * What the store has of one piece of a call.
 *
 * @param state whether it is there
 * @param salt what the record's commitment was made with; null unless kept
 * @param bytes the piece; null unless kept
 */
public record Content(State state, byte[] salt, byte[] bytes) {
  /** Whether a piece is there. */
  public enum State {
    /** It is. */
    KEPT,
    /** It was, and its subject was erased. */
    ERASED,
    /** It never was, or its time is over. */
    ABSENT
  }

  /** The pieces of a call. */
  public enum Part {
    /** The body as the caller sent it. */
    PROMPT,
    /**
     * The answer as the provider sent it: its body, or the data of its events one after another.
     */
    ANSWER
  }

  static final Content ERASED = new Content(State.ERASED, null, null);
  static final Content ABSENT = new Content(State.ABSENT, null, null);
}
