package io.sealgate.policy.index;

/** How often each id is named in each dimension. */
final class DimensionIds {
  private DimensionIds() {}

  /**
   * Counts the constraints that name an id.
   *
   * @return by dimension and id, up to the greatest id named; null where no entry is constrained
   */
  static int[][] counts(ScopeEntries entries) {
    final int[] limits = new int[entries.dimensions()];
    for (int entry = 0; entry < entries.count(); entry++) {
      entries.read(
          entry,
          (dimension, stream, _, to) ->
              limits[dimension] = Math.max(limits[dimension], stream[to - 1] + 1));
    }
    final int[][] counts = new int[limits.length][];
    for (int dimension = 0; dimension < limits.length; dimension++) {
      if (limits[dimension] > 0) {
        counts[dimension] = new int[limits[dimension]];
      }
    }
    for (int entry = 0; entry < entries.count(); entry++) {
      entries.read(
          entry,
          (dimension, stream, from, to) -> {
            for (int i = from; i < to; i++) {
              counts[dimension][stream[i]]++;
            }
          });
    }
    return counts;
  }
}
