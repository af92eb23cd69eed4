package io.sealgate.policy.index;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * Which entries are filed in hash tables, and under which masks. A mask is a set of dimensions, as
 * bits; an entry with lists is filed once for each combination of its ids. Not filed are
 *
 * <ul>
 *   <li>entries with more than {@link #COMBINATIONS_MAX} combinations, or with fewer if all entries
 *       together had more than {@link #COMBINATIONS_PER_ENTRY} times their number;
 *   <li>entries of the masks that the fewest have, if there are more than {@link #MASKS_MAX}.
 * </ul>
 *
 * So tables are linear in the number of entries and a search probes at most {@link #MASKS_MAX}
 * masks, whatever the rules look like.
 */
final class MaskPlan {
  /** One bit each in a long. */
  static final int MASKS_MAX = Long.SIZE;

  static final int COMBINATIONS_MAX = 64;
  static final int COMBINATIONS_PER_ENTRY = 8;

  /** Below this many combinations in all, memory is no reason to leave entries out: some 2 MB. */
  private static final int COMBINATIONS_FREE = 1 << 16;

  /** The mask of an entry that is not filed. */
  private static final int NOT_FILED = -1;

  private final ScopeEntries entries;
  private final int[] entryMasks;
  private final int[] masks;

  MaskPlan(ScopeEntries entries) {
    this.entries = entries;
    entryMasks = new int[entries.count()];
    final long budget =
        Math.max(COMBINATIONS_FREE, (long) COMBINATIONS_PER_ENTRY * entries.count());
    int limit = COMBINATIONS_MAX;
    while (setMasks(limit) > budget) {
      limit /= 2;
    }
    masks = keepMasks();
  }

  /** The masks that entries are filed under, ascending. */
  int[] masks() {
    return masks;
  }

  /** The mask's place in {@link #masks}, or a negative number if the entry is not filed. */
  int mask(int entry) {
    return entryMasks[entry] == NOT_FILED ? -1 : Arrays.binarySearch(masks, entryMasks[entry]);
  }

  /** Sets the masks of all entries. Returns the number of combinations. */
  private long setMasks(int limit) {
    final int[] mask = new int[1];
    final long[] combinations = new long[1];
    long total = 0;
    for (int entry = 0; entry < entryMasks.length; entry++) {
      mask[0] = 0;
      combinations[0] = 1;
      entries.read(
          entry,
          (dimension, _, from, to) -> {
            mask[0] |= 1 << dimension;
            // Capped, so that no product of lengths overflows.
            combinations[0] = Math.min(combinations[0] * (to - from), COMBINATIONS_MAX + 1);
          });
      if (combinations[0] > limit) {
        entryMasks[entry] = NOT_FILED;
      } else {
        entryMasks[entry] = mask[0];
        total += combinations[0];
      }
    }
    return total;
  }

  private int[] keepMasks() {
    final Map<Integer, Integer> uses = new HashMap<>();
    for (final int mask : entryMasks) {
      if (mask != NOT_FILED) {
        uses.merge(mask, 1, Integer::sum);
      }
    }
    final int[] kept =
        uses.keySet().stream()
            .sorted(Comparator.comparing((Integer mask) -> -uses.get(mask)).thenComparing(m -> m))
            .limit(MASKS_MAX)
            .mapToInt(mask -> mask)
            .sorted()
            .toArray();
    if (uses.size() > MASKS_MAX) {
      for (int entry = 0; entry < entryMasks.length; entry++) {
        if (Arrays.binarySearch(kept, entryMasks[entry]) < 0) {
          entryMasks[entry] = NOT_FILED;
        }
      }
    }
    return kept;
  }
}
