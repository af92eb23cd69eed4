package io.sealgate.gateway.call;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.sealgate.gateway.config.LimitsConfig;
import io.sealgate.gateway.problem.Problem;
import java.util.List;

/**
 * What Netty's decoders accept and a policy gateway must not: everything by which two HTTP parsers
 * could read one message differently (RFC 9110, RFC 9112 section 11.2).
 */
final class HttpRules {
  private HttpRules() {}

  /** Null, or why the head is refused. */
  static Problem check(final HttpRequest head, final boolean http2, final LimitsConfig limits) {
    final HttpHeaders headers = head.headers();
    if (headers.size() > limits.headerFieldsMax()) {
      return Problem.caller(
          431,
          "too_many_headers",
          "more than " + limits.headerFieldsMax() + " header fields (limits.header-fields-max)");
    }
    if (!http2) {
      final Problem framing = checkHttp1(head);
      if (framing != null) {
        return framing;
      }
    }
    if (headers.getAll(HttpHeaderNames.AUTHORIZATION).size() > 1) {
      return Problem.caller(400, "invalid_authorization", "send one Authorization field");
    }
    if (head.method().equals(HttpMethod.CONNECT)) {
      return Problem.caller(405, "method_not_allowed", "CONNECT is not served");
    }
    if (hasBody(head) && !head.method().equals(HttpMethod.POST)) {
      return Problem.caller(400, "unexpected_body", head.method() + " must not carry a body");
    }
    final String expect = headers.get(HttpHeaderNames.EXPECT);
    if (expect != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect)) {
      return Problem.caller(417, "expectation_failed", "only 'Expect: 100-continue' is served");
    }
    final String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    if (encoding != null && !HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(encoding)) {
      return Problem.caller(
          415, "unsupported_encoding", "send the body without a Content-Encoding");
    }
    if (HttpUtil.getContentLength(head, 0L) > limits.bodyBytesMax()) {
      return tooLarge(limits);
    }
    return null;
  }

  private static Problem checkHttp1(final HttpRequest head) {
    final HttpVersion version = head.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      return Problem.caller(505, "http_version", "only HTTP/1.0, HTTP/1.1 and HTTP/2 are served");
    }
    final HttpHeaders headers = head.headers();
    final List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || hosts.isEmpty() && version.equals(HttpVersion.HTTP_1_1)) {
      return Problem.caller(400, "invalid_host", "send exactly one Host field");
    }
    if (!head.uri().startsWith("/") && !head.uri().equals("*")) {
      return Problem.caller(400, "invalid_target", "send the request target in origin form");
    }
    final List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty()
        && (codings.size() != 1
            || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst().strip()))) {
      return Problem.caller(
          501, "unsupported_transfer_encoding", "the only transfer coding served is 'chunked'");
    }
    return null;
  }

  private static boolean hasBody(final HttpRequest head) {
    return HttpUtil.isTransferEncodingChunked(head) || HttpUtil.getContentLength(head, 0L) > 0;
  }

  /** The body is over the limit. */
  static Problem tooLarge(final LimitsConfig limits) {
    return Problem.caller(
        413,
        "body_too_large",
        "the body is over " + limits.bodyBytesMax() + " bytes (limits.body-bytes-max)");
  }

  /** What a decoder's refusal means. */
  static Problem undecodable(final DecoderResult result) {
    final Throwable cause = result.cause();
    if (cause instanceof TooLongHttpLineException) {
      return Problem.caller(414, "uri_too_long", "the request line is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Problem.caller(
          431, "headers_too_large", "the header fields are too large (limits.header-bytes-max)");
    }
    // The decoder's own message may quote what was sent; only its kind is passed on.
    return Problem.caller(
        400,
        "malformed_http",
        cause instanceof DecoderException || cause instanceof IllegalArgumentException
            ? "the message is not well-formed HTTP"
            : "the message cannot be read as HTTP");
  }
}
