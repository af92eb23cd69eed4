package io.sealgate.gateway.loopback;

import io.sealgate.policy.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The answer to a request: a function of the request alone. It repeats the start of the last user
 * message and gives the whole message's digest, so that a test sees what reached the provider.
 */
record ChatAnswer(ChatRequest request, String id, String text, boolean clipped) {
  private static final int ECHO_CODE_POINTS_MAX = 400;
  private static final int DIGEST_BYTES = 8;
  private static final int ID_BYTES = 12;

  /** 1 January 2026: an answer has no clock in it. */
  private static final long CREATED_EPOCH_SECONDS = 1_767_225_600L;

  static ChatAnswer to(final ChatRequest request, final byte[] body) {
    final String said = request.lastUserText();
    final boolean whole = said.codePointCount(0, said.length()) <= ECHO_CODE_POINTS_MAX;
    final String echo =
        whole ? said : said.substring(0, said.offsetByCodePoints(0, ECHO_CODE_POINTS_MAX)) + "...";
    final String digest = hex(said.getBytes(StandardCharsets.UTF_8), DIGEST_BYTES);
    final String full = "You said: " + echo + " (sha256 " + digest + ")";
    final String text = Tokens.clip(full, request.tokensMax());
    return new ChatAnswer(
        request, "chatcmpl-" + hex(body, ID_BYTES), text, text.length() < full.length());
  }

  /** The body of an answer that is not streamed. */
  String json() {
    final StringBuilder out = new StringBuilder(512 + text.length());
    head(out, "chat.completion")
        .append(",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":");
    JsonText.quote(out, text);
    out.append(",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"")
        .append(finishReason())
        .append("\"}],");
    return usage(out).append('}').toString();
  }

  /** The events of a streamed answer, the closing {@code [DONE]} included. */
  List<String> events() {
    final List<String> events = new ArrayList<>();
    events.add(event("{\"role\":\"assistant\",\"content\":\"\"}", null));
    int start = 0;
    while (start < text.length()) {
      // A piece is a word with the space before it, as providers cut their tokens.
      int end = text.indexOf(' ', start + 1);
      end = end < 0 ? text.length() : end;
      final StringBuilder delta = new StringBuilder("{\"content\":");
      JsonText.quote(delta, text.substring(start, end));
      events.add(event(delta.append('}').toString(), null));
      start = end;
    }
    events.add(event("{}", finishReason()));
    if (request.includeUsage()) {
      final StringBuilder out = new StringBuilder("data: ");
      head(out, "chat.completion.chunk").append(",\"choices\":[],");
      events.add(usage(out).append("}\n\n").toString());
    }
    events.add("data: [DONE]\n\n");
    return events;
  }

  private String event(final String delta, final String finishReason) {
    final StringBuilder out = new StringBuilder("data: ");
    head(out, "chat.completion.chunk")
        .append(",\"choices\":[{\"index\":0,\"delta\":")
        .append(delta)
        .append(",\"logprobs\":null,\"finish_reason\":")
        .append(finishReason == null ? "null" : "\"" + finishReason + "\"")
        .append("}]");
    return out.append(request.includeUsage() ? ",\"usage\":null}\n\n" : "}\n\n").toString();
  }

  private StringBuilder head(final StringBuilder out, final String object) {
    out.append("{\"id\":\"").append(id).append("\",\"object\":\"").append(object);
    out.append("\",\"created\":").append(CREATED_EPOCH_SECONDS).append(",\"model\":");
    JsonText.quote(out, request.model());
    return out;
  }

  private StringBuilder usage(final StringBuilder out) {
    final int prompt = request.promptTokens();
    final int completion = Tokens.count(text);
    return out.append("\"usage\":{\"prompt_tokens\":")
        .append(prompt)
        .append(",\"completion_tokens\":")
        .append(completion)
        .append(",\"total_tokens\":")
        .append(prompt + completion)
        .append('}');
  }

  private String finishReason() {
    return clipped ? "length" : "stop";
  }

  static String hex(final byte[] content, final int bytes) {
    try {
      final byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, bytes);
    } catch (final NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }
}
