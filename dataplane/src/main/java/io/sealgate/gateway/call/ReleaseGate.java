package io.sealgate.gateway.call;

/** Says whether calls may be answered at all. Asked on event loops, so it must not block. */
@FunctionalInterface
public interface ReleaseGate {
  /**
   * Why every call is to be denied, in words for callers; null while none is.
   *
   * @param nowMillis the call's reading of the clock
   */
  String closed(long nowMillis);
}
