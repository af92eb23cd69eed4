package io.sealgate.gateway.loopback;

import io.sealgate.policy.json.JsonText;

/**
 * A request body as the loopback model received it.
 *
 * @param n counted from one since the model started
 * @param path path and query of the request
 * @param bodySha256 digest of the exact bytes, in hex
 * @param body the bytes as UTF-8; malformed parts are replaced
 */
public record Received(long n, String path, String bodySha256, String body) {
  /** One line of the received log, without a line end. */
  String json() {
    final StringBuilder out = new StringBuilder(128 + body.length());
    out.append("{\"n\":").append(n).append(",\"path\":");
    JsonText.quote(out, path);
    out.append(",\"bodySha256\":\"").append(bodySha256).append("\",\"body\":");
    JsonText.quote(out, body);
    return out.append('}').toString();
  }
}
