package io.sealgate.gateway.call;

/**
 * How much of the way of a call is run. The product always runs {@link #SEALED}; the load suites
 * ask for less, to tell what each phase costs. No configuration key reaches this.
 */
public enum Phases {
  /** Read and forward. */
  PROXY,
  /** And classify. */
  CLASSIFY,
  /** And decide. */
  POLICY,
  /** And seal: everything. */
  SEALED;

  boolean includes(final Phases phase) {
    return compareTo(phase) >= 0;
  }
}
