package io.sealgate.gateway.call;

import io.sealgate.gateway.openai.TokenUsage;
import io.sealgate.gateway.problem.Problem;

/**
 * What came back from a provider.
 *
 * @param result {@code answered}, {@code caller_gone}, or the code of the problem
 * @param upstreamStatus the provider's HTTP status; 0 when there was none
 * @param status the status that the caller gets
 * @param usage token counts
 * @param costMicroDollars what the tokens cost
 * @param answerBytes body bytes that the provider sent
 * @param commitment keyed digest of the answer, 32 bytes; null without one
 */
record Outcome(
    String result,
    int upstreamStatus,
    int status,
    TokenUsage usage,
    long costMicroDollars,
    long answerBytes,
    byte[] commitment) {
  /** Of a call that was never forwarded though its decision record does not say why. */
  static Outcome unanswered(final Problem problem) {
    return new Outcome(problem.code(), 0, problem.status(), new TokenUsage(), 0, 0, null);
  }
}
