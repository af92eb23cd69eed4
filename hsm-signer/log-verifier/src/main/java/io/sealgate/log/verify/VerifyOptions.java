package io.sealgate.log.verify;

import io.sealgate.log.SignatureChecker;
import io.sealgate.log.TrustPolicy;
import java.time.Duration;
import java.util.List;

/**
 * What a verification trusts and how strict it is.
 *
 * @param trust keys and quorum
 * @param strict whether gaps and records that are not canonical fail the verification
 * @param silenceMax longest time between two records, or null for any; a little more than the log's
 *     heartbeat
 * @param held checkpoint notes the auditor kept or got elsewhere; the log must contain them
 * @param signatures what checks signatures
 */
public record VerifyOptions(
    TrustPolicy trust,
    boolean strict,
    Duration silenceMax,
    List<byte[]> held,
    SignatureChecker signatures) {
  public VerifyOptions {
    held = List.copyOf(held);
  }

  /** With the JDK's own signature classes. */
  public VerifyOptions(TrustPolicy trust, boolean strict, Duration silenceMax, List<byte[]> held) {
    this(trust, strict, silenceMax, held, SignatureChecker.JDK);
  }

  /** The same with other checkpoint notes that the log must contain. */
  public VerifyOptions withHeld(List<byte[]> notes) {
    return new VerifyOptions(trust, strict, silenceMax, notes, signatures);
  }

  /** Trust alone. */
  public static VerifyOptions of(TrustPolicy trust) {
    return new VerifyOptions(trust, false, null, List.of());
  }
}
