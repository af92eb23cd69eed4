package io.sealgate.gateway.call;

import io.sealgate.classify.json.JsonRejected;
import io.sealgate.gateway.problem.Problem;

/** What the strict JSON reader's refusals mean to a caller. */
final class JsonProblems {
  private JsonProblems() {}

  static Problem of(final JsonRejected rejected) {
    final String where = " (byte " + rejected.offset() + " of the body)";
    return switch (rejected.reason()) {
      case DUPLICATE_KEY ->
          Problem.caller(400, "duplicate_key", "an object has the same key twice" + where);
      case BAD_UTF8, LONE_SURROGATE ->
          Problem.caller(400, "invalid_utf8", "the body is not valid Unicode text" + where);
      case TOO_DEEP ->
          Problem.caller(
              400, "json_too_deep", "the body is nested too deep (limits.json-depth-max)" + where);
      case TOO_LARGE ->
          Problem.caller(413, "json_too_large", "the body has too many JSON values" + where);
      default -> Problem.caller(400, "invalid_json", "the body is not well-formed JSON" + where);
    };
  }
}
