package io.sealgate.gateway.call;

import java.security.MessageDigest;

/** The keyed digest of an answer, taken as its bytes pass. Confined to one call. */
final class AnswerDigest {
  private final Commitments commitments;
  private final MessageDigest inner;
  private byte[] finished;

  AnswerDigest(final Commitments commitments, final String requestId) {
    this.commitments = commitments;
    this.inner = commitments.begin(requestId);
  }

  void update(final byte[] bytes, final int from, final int to) {
    inner.update(bytes, from, to - from);
  }

  /** The digest of everything so far; later updates change nothing. */
  byte[] finish() {
    if (finished == null) {
      finished = commitments.finish(inner);
    }
    return finished;
  }
}
