package io.sealgate.gateway.upstream;

/**
 * How an exchange with a provider failed.
 *
 * @param kind what happened
 * @param retrySafe whether the provider cannot have seen the call, so that sending it again is safe
 */
public record UpstreamFailure(Kind kind, boolean retrySafe) {

  /** What happened. */
  public enum Kind {
    /** No connection: refused, unreachable, name unknown, or the TLS handshake failed. */
    CONNECT,
    /** Every connection is busy and the queue is full. */
    BUSY,
    /** The connection ended before the head of an answer. */
    CLOSED,
    /** The connection ended in the middle of the answer. */
    CUT,
    /** What came back is not HTTP. */
    MALFORMED
  }
}
