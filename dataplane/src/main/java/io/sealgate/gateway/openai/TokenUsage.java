package io.sealgate.gateway.openai;

import io.sealgate.classify.json.JsonRejected;
import io.sealgate.classify.json.JsonTape;
import io.sealgate.classify.json.JsonTape.Kind;

/** Token counts of one answer, as the provider states them or as we estimate them. Reusable. */
public final class TokenUsage {
  /** A common rule of thumb for English text; used only when the provider states nothing. */
  private static final int BYTES_PER_TOKEN = 4;

  private long prompt;
  private long completion;
  private boolean reported;

  /** Forgets everything. */
  public void clear() {
    prompt = 0;
    completion = 0;
    reported = false;
  }

  /**
   * Takes the counts of an answer or of a stream's event, if it holds any.
   *
   * @param json the parsed answer or event
   */
  public void read(final JsonTape json) {
    if (json.kind(json.root()) != Kind.OBJECT) {
      return;
    }
    final int usage = json.find(json.root(), "usage");
    if (usage < 0 || json.kind(usage) != Kind.OBJECT) {
      return;
    }
    prompt = count(json, usage, "prompt_tokens");
    completion = count(json, usage, "completion_tokens");
    reported = true;
  }

  /** Estimates what the provider did not state. */
  public void estimate(final long promptBytes, final long answerBytes) {
    if (!reported) {
      prompt = ofBytes(promptBytes);
      completion = ofBytes(answerBytes);
    }
  }

  /** About how many tokens so many bytes of text are. */
  public static long ofBytes(final long bytes) {
    return Math.ceilDiv(bytes, BYTES_PER_TOKEN);
  }

  private static long count(final JsonTape json, final int usage, final String field) {
    final int node = json.find(usage, field);
    if (node < 0 || json.kind(node) != Kind.NUMBER) {
      return 0;
    }
    try {
      return Math.max(0, json.longValue(node));
    } catch (final JsonRejected e) {
      // A provider that counts tokens in fractions has not stated a usable count.
      return 0;
    }
  }

  /** Tokens read. */
  public long prompt() {
    return prompt;
  }

  /** Tokens written. */
  public long completion() {
    return completion;
  }

  /** Whether the provider stated the counts; otherwise they are our estimate. */
  public boolean reported() {
    return reported;
  }
}
