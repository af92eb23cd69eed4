package io.sealgate.gateway.call;

import io.sealgate.gateway.identity.ApiKeys;
import io.sealgate.gateway.identity.Caller;
import io.sealgate.gateway.problem.Problem;

/**
 * The outcome of looking at a call's credentials.
 *
 * @param caller whom the call speaks for, or null
 * @param problem why not, or null
 * @param keysVersion the version of the keys that this holds for
 */
record Authentication(Caller caller, Problem problem, long keysVersion) {
  private static final String SCHEME = "Bearer ";

  static Authentication of(final String authorization, final ApiKeys keys) {
    final long version = keys.version();
    if (authorization == null) {
      return new Authentication(
          null, Problem.unauthenticated("no API key: send 'Authorization: Bearer <key>'"), version);
    }
    final Caller caller =
        authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
            ? keys.find(authorization.substring(SCHEME.length()).strip())
            : null;
    return caller == null
        ? new Authentication(
            null, Problem.unauthenticated("the API key is unknown, wrong or revoked"), version)
        : new Authentication(caller, null, version);
  }

  boolean isCurrent(final ApiKeys keys) {
    return keysVersion == keys.version();
  }
}
