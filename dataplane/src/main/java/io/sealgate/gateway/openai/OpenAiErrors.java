package io.sealgate.gateway.openai;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.sealgate.gateway.problem.Problem;
import io.sealgate.policy.json.JsonText;

/**
 * Errors in the shape of the OpenAI API: {@code {"error":{"message","type","param","code"}}}, with
 * the error types that its SDKs know.
 */
public final class OpenAiErrors {
  private OpenAiErrors() {}

  /** The JSON body of an error; the caller owns the buffer. */
  public static ByteBuf body(final ByteBufAllocator allocator, final Problem problem) {
    return ByteBufUtil.writeUtf8(allocator, json(problem));
  }

  /** The same error as one server-sent event, for a stream that has begun. */
  public static ByteBuf event(final ByteBufAllocator allocator, final Problem problem) {
    return ByteBufUtil.writeUtf8(allocator, "data: " + json(problem) + "\n\n");
  }

  private static String json(final Problem problem) {
    final StringBuilder out = new StringBuilder(256);
    out.append("{\"error\":{\"message\":");
    JsonText.quote(out, problem.message());
    out.append(",\"type\":");
    JsonText.quote(out, type(problem));
    out.append(",\"param\":");
    if (problem.param() == null) {
      out.append("null");
    } else {
      JsonText.quote(out, problem.param());
    }
    out.append(",\"code\":");
    JsonText.quote(out, problem.code());
    return out.append("}}").toString();
  }

  private static String type(final Problem problem) {
    return switch (problem.source()) {
      case CALLER -> problem.status() == 401 ? "authentication_error" : "invalid_request_error";
      case POLICY -> problem.status() == 429 ? "rate_limit_error" : "policy_violation";
      case UPSTREAM -> "upstream_error";
      case GATEWAY -> "service_unavailable";
    };
  }
}
