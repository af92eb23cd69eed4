package io.sealgate.gateway.loopback;

import io.sealgate.policy.json.JsonReader;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What the loopback model reads of a chat completion request.
 *
 * @param promptTokens tokens of all messages' texts, see {@link Tokens}
 * @param tokensMax most tokens the answer may have
 */
record ChatRequest(
    String model,
    boolean stream,
    boolean includeUsage,
    String lastUserText,
    int promptTokens,
    int tokensMax) {

  private static final int MESSAGE_OVERHEAD_TOKENS = 3;

  /**
   * Reads a body.
   *
   * @throws IllegalArgumentException when it is not such a request; the message says why and quotes
   *     none of it
   */
  static ChatRequest parse(final String body) {
    if (!(JsonReader.read(body) instanceof Map<?, ?> request)) {
      throw new IllegalArgumentException("the body must be an object");
    }
    if (!(request.get("model") instanceof String model)) {
      throw new IllegalArgumentException("model must be a string");
    }
    if (!(request.get("messages") instanceof List<?> messages) || messages.isEmpty()) {
      throw new IllegalArgumentException("messages must be a list of at least one");
    }
    if (request.get("n") instanceof Number choices && choices.doubleValue() != 1) {
      throw new IllegalArgumentException("n must be 1");
    }
    String last = "";
    int tokens = 0;
    for (final Object element : messages) {
      if (!(element instanceof Map<?, ?> message)) {
        throw new IllegalArgumentException("a message must be an object");
      }
      final String text = text(message.get("content"));
      tokens += MESSAGE_OVERHEAD_TOKENS + Tokens.count(text);
      if ("user".equals(message.get("role"))) {
        last = text;
      }
    }
    final boolean usage =
        request.get("stream_options") instanceof Map<?, ?> options
            && Boolean.TRUE.equals(options.get("include_usage"));
    final Object limit =
        request.get("max_completion_tokens") instanceof Number
            ? request.get("max_completion_tokens")
            : request.get("max_tokens");
    return new ChatRequest(
        model,
        Boolean.TRUE.equals(request.get("stream")),
        usage,
        last,
        tokens,
        limit instanceof Number max ? Math.max(1, max.intValue()) : Integer.MAX_VALUE);
  }

  /** A message's text: the content itself, or its text parts, one a line. */
  private static String text(final Object content) {
    if (content instanceof String text) {
      return text;
    }
    final StringJoiner joined = new StringJoiner("\n");
    if (content instanceof List<?> parts) {
      for (final Object element : parts) {
        if (element instanceof Map<?, ?> part && part.get("text") instanceof String text) {
          joined.add(text);
        }
      }
    }
    return joined.toString();
  }
}
