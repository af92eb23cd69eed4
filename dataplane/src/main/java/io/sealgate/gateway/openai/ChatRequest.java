package io.sealgate.gateway.openai;

import io.sealgate.classify.Segments;
import io.sealgate.classify.json.JsonRejected;
import io.sealgate.classify.json.JsonTape;
import io.sealgate.classify.json.JsonTape.Kind;
import io.sealgate.gateway.problem.Problem;
import java.util.Set;

/**
 * Reads the body of {@code POST /v1/chat/completions}. Every string that a provider could read as
 * prompt becomes a segment: message parts, names, tool calls and their arguments, tool and schema
 * definitions, unknown fields and their keys. Reusable; one per event loop.
 */
public final class ChatRequest {
  /** A name longer than this is no model's. */
  private static final int MODEL_BYTES_MAX = 256;

  /** Keys of the documented request that carry no text of the caller's. */
  private static final Set<String> KNOWN_KEYS =
      Set.of(
          "model",
          "messages",
          "role",
          "content",
          "name",
          "type",
          "text",
          "image_url",
          "url",
          "detail",
          "tool_calls",
          "id",
          "function",
          "arguments",
          "tool_call_id",
          "refusal",
          "audio",
          "input_audio",
          "data",
          "format",
          "file",
          "file_data",
          "file_id",
          "filename",
          "stream",
          "stream_options",
          "include_usage",
          "temperature",
          "top_p",
          "n",
          "stop",
          "max_tokens",
          "max_completion_tokens",
          "presence_penalty",
          "frequency_penalty",
          "logit_bias",
          "logprobs",
          "top_logprobs",
          "user",
          "seed",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "response_format",
          "json_schema",
          "schema",
          "description",
          "parameters",
          "strict",
          "properties",
          "required",
          "items",
          "enum",
          "additionalProperties",
          "metadata",
          "store",
          "reasoning_effort",
          "service_tier",
          "modalities",
          "prediction",
          "functions",
          "function_call");

  private final KeyFilter knownKeys = new KeyFilter(KNOWN_KEYS);
  private String model;
  private boolean stream;
  private long maxTokens;
  private int messages;
  private int tools;

  /**
   * Reads the parsed body.
   *
   * @param segments receives the text; cleared first
   * @return null, or why the call cannot be served
   */
  public Problem read(final JsonTape json, final Segments segments) {
    segments.clear();
    final int root = json.root();
    if (json.kind(root) != Kind.OBJECT) {
      return Problem.field(null, "invalid_request", "the body must be a JSON object");
    }
    final Problem problem = readFields(json, root);
    if (problem == null) {
      collect(json, root, -1, segments);
    }
    return problem;
  }

  private Problem readFields(final JsonTape json, final int root) {
    final int modelNode = json.find(root, "model");
    if (modelNode < 0 || json.kind(modelNode) != Kind.STRING) {
      return Problem.field("model", "missing_model", "'model' must be a string");
    }
    if (json.wireEnd(modelNode) - json.wireStart(modelNode) > MODEL_BYTES_MAX) {
      return Problem.field("model", "invalid_model", "'model' is too long");
    }
    model = json.text(modelNode);
    final int list = json.find(root, "messages");
    if (list < 0 || json.kind(list) != Kind.ARRAY || json.firstChild(list) < 0) {
      return Problem.field(
          "messages", "missing_messages", "'messages' must be a non-empty array of objects");
    }
    messages = 0;
    for (int message = json.firstChild(list); message >= 0; message = json.next(message)) {
      if (json.kind(message) != Kind.OBJECT) {
        return Problem.field(
            "messages[" + messages + "]", "invalid_message", "each message must be an object");
      }
      messages++;
    }
    return readOptions(json, root);
  }

  private Problem readOptions(final JsonTape json, final int root) {
    final int streamNode = json.find(root, "stream");
    stream = streamNode >= 0 && json.kind(streamNode) == Kind.TRUE;
    if (streamNode >= 0
        && !stream
        && json.kind(streamNode) != Kind.FALSE
        && json.kind(streamNode) != Kind.NULL) {
      return Problem.field("stream", "invalid_type", "'stream' must be a boolean");
    }
    int limit = json.find(root, "max_completion_tokens");
    if (limit < 0 || json.kind(limit) == Kind.NULL) {
      limit = json.find(root, "max_tokens");
    }
    maxTokens = 0;
    if (limit >= 0 && json.kind(limit) != Kind.NULL) {
      try {
        maxTokens = json.longValue(limit);
      } catch (final JsonRejected e) {
        return Problem.field("max_tokens", "invalid_type", "the token limit must be an integer");
      }
      if (maxTokens < 1) {
        return Problem.field("max_tokens", "invalid_value", "the token limit must be at least 1");
      }
    }
    final int toolList = json.find(root, "tools");
    tools = 0;
    if (toolList >= 0 && json.kind(toolList) == Kind.ARRAY) {
      for (int tool = json.firstChild(toolList); tool >= 0; tool = json.next(tool)) {
        tools++;
      }
    }
    return null;
  }

  /** Depth is bounded by the reader's own limit. */
  private void collect(
      final JsonTape json, final int node, final int parent, final Segments segments) {
    switch (json.kind(node)) {
      case STRING -> {
        if (!isControl(json, node, parent)) {
          segments.add(json, node);
        }
      }
      case OBJECT, ARRAY -> {
        for (int child = json.firstChild(node); child >= 0; child = json.next(child)) {
          final int key = json.key(child);
          if (key >= 0 && !knownKeys.contains(json, key)) {
            segments.add(json, key);
          }
          collect(json, child, node, segments);
        }
      }
      case NUMBER, TRUE, FALSE, NULL -> {}
    }
  }

  /** The model's own name is matched, not read as prompt; it must stay as it is. */
  private static boolean isControl(final JsonTape json, final int node, final int parent) {
    final int key = json.key(node);
    return parent == json.root() && key >= 0 && json.textEquals(key, "model");
  }

  /** The model asked for, as the caller wrote it. */
  public String model() {
    return model;
  }

  /** Whether the answer is to be streamed. */
  public boolean stream() {
    return stream;
  }

  /** The bound on answer tokens; 0 when the caller set none. */
  public long maxTokens() {
    return maxTokens;
  }

  /** The number of messages, at least 1. */
  public int messages() {
    return messages;
  }

  /** The number of tools offered. */
  public int tools() {
    return tools;
  }
}
