package io.sealgate.perf;

import io.sealgate.perf.load.LoadResult;
import java.time.Duration;
import java.util.Optional;

/**
 * What was measured of one target.
 *
 * @param saturation with as many calls as the connections carry
 * @param atRate on the fixed schedule
 */
record Row(Target target, Measured saturation, Measured atRate) {

  /**
   * One run.
   *
   * @param cpu processor time spent for the calls; empty for the upstream alone
   * @param foreignShare part of the machine's processor time that others had meanwhile, 0 to 1
   */
  record Measured(LoadResult result, Optional<Cpu> cpu, double foreignShare) {}

  /** What calls are sent to, in the order of the report. */
  enum Target {
    DIRECT("upstream alone"),
    HAPROXY("HAProxy"),
    PROXY("sealgate, proxy only"),
    CLASSIFY("sealgate, + classify"),
    POLICY("sealgate, + policy"),
    SEALED("sealgate, + sealed (everything)");

    private final String title;

    Target(final String title) {
      this.title = title;
    }

    String title() {
      return title;
    }

    /** Whether it is the gateway, in the phase of the same name. */
    boolean gateway() {
      return this != DIRECT && this != HAPROXY;
    }
  }

  /**
   * Processor time of the measured window.
   *
   * @param signer of the processes that the target started; nothing for HAProxy
   */
  record Cpu(Duration own, Duration signer) {
    private static final double NANOS_PER_MICRO = 1_000.0;

    double microsPerCall(final long calls) {
      return own.plus(signer).toNanos() / NANOS_PER_MICRO / Math.max(1, calls);
    }

    double signerMicrosPerCall(final long calls) {
      return signer.toNanos() / NANOS_PER_MICRO / Math.max(1, calls);
    }
  }
}
