package io.sealgate.gateway.call;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;

/**
 * The keyed digest of an answer, taken as its bytes pass, and the bytes themselves where they are
 * to be kept. Confined to one call.
 */
final class AnswerDigest {
  private final Commitments commitments;
  private final MessageDigest inner;
  private final ByteArrayOutputStream kept;
  private byte[] finished;

  AnswerDigest(final Keeping keeping, final String requestId) {
    this.commitments = keeping.commitments();
    this.inner = commitments == null ? null : commitments.begin(requestId);
    this.kept = keeping.content() ? new ByteArrayOutputStream() : null;
  }

  void update(final byte[] bytes, final int from, final int to) {
    if (inner != null && finished == null) {
      inner.update(bytes, from, to - from);
      if (kept != null) {
        kept.write(bytes, from, to - from);
      }
    }
  }

  /** The digest of everything so far; later updates change nothing. Null where none is kept. */
  byte[] finish() {
    if (finished == null && inner != null) {
      finished = commitments.finish(inner);
    }
    return finished;
  }

  /** Exactly the bytes that {@link #finish} commits to; null where they are not kept. */
  byte[] kept() {
    return kept == null ? null : kept.toByteArray();
  }
}
