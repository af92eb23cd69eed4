package io.sealgate.policy;

import java.util.List;
import java.util.Set;

/**
 * Where a call goes, and where next if that fails.
 *
 * @param targets in the order in which they are tried
 * @param attempts tries per target, at least 1
 * @param backoffMillis wait before a second try, doubled for each further one
 * @param retryOn what counts as a failure: {@code connect}, {@code timeout}, {@code 429} or {@code
 *     5xx}
 * @param breakerFailures after so many failures in a row a target is left out; 0 for never
 * @param breakerOpenMillis for how long it is left out
 */
public record Route(
    List<Target> targets,
    int attempts,
    long backoffMillis,
    Set<String> retryOn,
    int breakerFailures,
    long breakerOpenMillis) {

  /**
   * One upstream.
   *
   * @param model the model to ask for there; empty for the one that the caller named
   */
  public record Target(String provider, String model) {}
}
