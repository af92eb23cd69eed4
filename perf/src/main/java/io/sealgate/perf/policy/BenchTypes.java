package io.sealgate.perf.policy;

import io.sealgate.policy.FindingTypeNames;

/** Finding types without a classifier: {@code TYPE_0} to {@code TYPE_9}. */
public final class BenchTypes implements FindingTypeNames {
  /** The only instance. */
  public static final BenchTypes TYPES = new BenchTypes();

  private static final String PREFIX = "TYPE_";
  private static final int COUNT = 10;

  private BenchTypes() {}

  @Override
  public int[] idsOf(final String name) {
    return name.startsWith(PREFIX)
        ? new int[] {Integer.parseInt(name.substring(PREFIX.length()))}
        : new int[] {};
  }

  @Override
  public String name(final int id) {
    return PREFIX + id;
  }

  @Override
  public int count() {
    return COUNT;
  }
}
