package io.sealgate.gateway.problem;

/**
 * Why a call gets an error instead of an answer. A value, not an exception: it is decided in one
 * place, sealed in another and written in the caller's dialect in a third.
 *
 * @param source whose doing it is
 * @param status the HTTP status
 * @param code the machine-readable name, stable across versions
 * @param message what is wrong and the way out; never holds prompt text
 * @param param the field of the request at fault, or null
 * @param retryAfterSeconds when a retry may succeed; 0 when the answer says nothing about it
 */
public record Problem(
    Source source, int status, String code, String message, String param, long retryAfterSeconds) {

  /** Whose doing a problem is. */
  public enum Source {
    /** The caller sent something that cannot be served. */
    CALLER,
    /** Policy forbids or limits the call. */
    POLICY,
    /** A model provider failed. */
    UPSTREAM,
    /** A part of Sealgate that the decision needs is unavailable: fail closed. */
    GATEWAY
  }

  /** A malformed or impossible request. */
  public static Problem caller(final int status, final String code, final String message) {
    return new Problem(Source.CALLER, status, code, message, null, 0);
  }

  /** As {@link #caller(int, String, String)}, naming the field at fault. */
  public static Problem field(final String param, final String code, final String message) {
    return new Problem(Source.CALLER, 400, code, message, param, 0);
  }

  /** No key, a wrong key or a revoked key. */
  public static Problem unauthenticated(final String message) {
    return new Problem(Source.CALLER, 401, "invalid_api_key", message, null, 0);
  }

  /** The provider's fault. */
  public static Problem upstream(final int status, final String code, final String message) {
    return new Problem(Source.UPSTREAM, status, code, message, null, 0);
  }

  /** A part is unavailable; the code names it. */
  public static Problem unavailable(final String part, final String message) {
    return new Problem(Source.GATEWAY, 503, part + "_unavailable", message, null, 1);
  }

  /** The call was received while the gateway could not take more. */
  public static Problem overloaded(final String message) {
    return new Problem(Source.GATEWAY, 503, "overloaded", message, null, 1);
  }
}
