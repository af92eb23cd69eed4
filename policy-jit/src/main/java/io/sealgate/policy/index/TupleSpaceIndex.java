package io.sealgate.policy.index;

import java.security.SecureRandom;

/**
 * Tuple space search: entries that constrain the same dimensions share a mask, and one hash probe
 * finds all entries of a mask that ask for a given combination of ids.
 *
 * <p>Before any probe, each id of the call says in one word which masks know it in its dimension;
 * the AND over the dimensions leaves the masks worth a probe. The dimension that tells entries
 * apart best, the leading one, says more: each pair of its id and an id of another dimension has
 * such a word too. So few probes are in vain. Where a call has several ids in a dimension, each
 * combination is probed, or all keys of the mask are looked at where those are fewer: so a search
 * is linear in the number of entries at worst.
 *
 * <p>Entries with long lists, and those of masks beyond the 64 most used, are in bitmaps beside the
 * tables.
 */
final class TupleSpaceIndex implements ScopeIndex {
  /**
   * Differs from process to process, so that nobody can write rules whose keys collide. Answers do
   * not depend on it.
   */
  private static final long HASH_SEED = new SecureRandom().nextLong();

  /**
   * A call with more pairs of ids than this does without them: they would cost more than probes.
   */
  private static final int PAIRS_MAX = 256;

  /** Of a mask's number. */
  private static final int MASK_BITS = Integer.numberOfTrailingZeros(MaskPlan.MASKS_MAX);

  private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

  private final int dimensions;
  private final int entryCount;
  private final int ruleLimit;

  /** By mask: its dimensions, the leading one first if it has it. */
  private final int[][] maskDimensions;

  /** By mask: the number of its first bucket; with an end. */
  private final int[] firstBuckets;

  /** By bucket: where its record begins. */
  private final int[] places;

  /**
   * Of each bucket a {@linkplain #recordHead head}, the ids that it stands for in the order of its
   * mask's dimensions, and its rules: what one probe reads, in one place.
   */
  private final int[] records;

  /**
   * Open hash table: the high half is a hash, the low half a record's place plus one; 0 is free.
   */
  private final long[] table;

  /** By dimension and id, null where no mask has the dimension: the masks that know the id. */
  private final long[][] masksById;

  /** By dimension: the masks that do not have it. */
  private final long[] masksWithout;

  private final int leading;

  /**
   * By the hash of an id in the leading dimension and an id in another: the masks with a key that
   * has both. Pairs may share a word, which then speaks for both.
   */
  private final long[] masksByPair;

  /** For entries that are in no bucket; null if there are none. */
  private final BitmapIndex notFiled;

  /** The tables as their builder made them; they change owner. */
  record Tables(
      int[][] maskDimensions,
      int[] firstBuckets,
      int[] places,
      int[] records,
      long[] table,
      long[][] masksById,
      int leading,
      BitmapIndex notFiled) {}

  TupleSpaceIndex(ScopeEntries entries, Tables tables) {
    dimensions = entries.dimensions();
    entryCount = entries.count();
    ruleLimit = entries.ruleLimit();
    maskDimensions = tables.maskDimensions;
    firstBuckets = tables.firstBuckets;
    places = tables.places;
    records = tables.records;
    table = tables.table;
    masksById = tables.masksById;
    notFiled = tables.notFiled;
    leading = tables.leading;
    masksByPair = masksByPair();
    masksWithout = new long[dimensions];
    for (int dimension = 0; dimension < dimensions; dimension++) {
      masksWithout[dimension] = lowBits(maskDimensions.length);
    }
    for (int mask = 0; mask < maskDimensions.length; mask++) {
      for (final int dimension : maskDimensions[mask]) {
        masksWithout[dimension] &= ~(1L << mask);
      }
    }
  }

  private long[] masksByPair() {
    final long[] masks = new long[Integer.highestOneBit(Math.max(1, places.length)) * 2];
    for (int mask = 0; mask < maskDimensions.length; mask++) {
      final int[] ofMask = maskDimensions[mask];
      if (ofMask.length > 0 && ofMask[0] == leading) {
        for (int bucket = firstBuckets[mask]; bucket < firstBuckets[mask + 1]; bucket++) {
          final int key = places[bucket] + 1;
          for (int place = 1; place < ofMask.length; place++) {
            masks[pair(records[key], ofMask[place], records[key + place], masks)] |= 1L << mask;
          }
        }
      }
    }
    return masks;
  }

  private static int pair(int leadingId, int dimension, int id, long[] masks) {
    return tag(hash(hash(dimension), leadingId) + id) & masks.length - 1;
  }

  /** The first word of a record. */
  static int recordHead(int mask, int rules) {
    return rules << MASK_BITS | mask;
  }

  private static long lowBits(int count) {
    return count == 0 ? 0 : -1L >>> Long.SIZE - count;
  }

  /** The hash of a key before its first id. */
  static long hash(int mask) {
    return HASH_SEED + mask * HASH_FACTOR;
  }

  /** The hash of a key with one more id. */
  static long hash(long hash, int id) {
    final long product = (hash ^ id) * HASH_FACTOR;
    return product ^ product >>> 32;
  }

  /** The high half of a table's word. */
  static int tag(long hash) {
    return (int) (hash * HASH_FACTOR >>> 32);
  }

  @Override
  public void find(ScopeQuery query, CandidateBuffer out) {
    query.expectDimensions(dimensions);
    out.begin();
    out.expectMarks(ruleLimit);
    final long pairing = pairs(query) <= PAIRS_MAX ? ~masksWithout[leading] : 0;
    long paired = 0;
    for (long left = worthwhile(query); left != 0; left &= left - 1) {
      final int mask = Long.numberOfTrailingZeros(left);
      if (combinations(mask, query) > firstBuckets[mask + 1] - firstBuckets[mask]) {
        lookAtAll(mask, query, out);
      } else if ((pairing & 1L << mask) != 0) {
        paired |= 1L << mask;
      } else {
        probe(mask, 0, hash(mask), query, out);
      }
    }
    if (paired != 0) {
      probePairs(paired, query, out);
    }
    if (notFiled != null) {
      notFiled.markMatching(query, out);
    }
    out.appendMarked();
  }

  /** The masks of which every dimension knows one of the call's ids, as bits. */
  private long worthwhile(ScopeQuery query) {
    long masks = lowBits(maskDimensions.length);
    for (int dimension = 0; dimension < dimensions && masks != 0; dimension++) {
      if (masksById[dimension] != null) {
        long here = masksWithout[dimension];
        final int[] ids = query.ids(dimension);
        for (int i = 0; i < query.count(dimension); i++) {
          here |= knownTo(dimension, ids[i]);
        }
        masks &= here;
      }
    }
    return masks;
  }

  /** How many pairs of an id in the leading dimension and one in another the call has. */
  private long pairs(ScopeQuery query) {
    long others = 0;
    for (int dimension = 0; dimension < dimensions; dimension++) {
      others += masksById[dimension] == null ? 0 : query.count(dimension);
    }
    return query.count(leading) * others;
  }

  /** Probes masks that have the leading dimension, one of the call's ids there after the other. */
  private void probePairs(long masks, ScopeQuery query, CandidateBuffer out) {
    final int[] leadingIds = query.ids(leading);
    for (int i = 0; i < query.count(leading); i++) {
      final int id = leadingIds[i];
      out.key()[0] = id;
      for (long left = worthwhileWith(id, masks, query); left != 0; left &= left - 1) {
        final int mask = Long.numberOfTrailingZeros(left);
        probe(mask, 1, hash(hash(mask), id), query, out);
      }
    }
  }

  /** Those of the masks of which every other dimension has a pair with an id in the leading one. */
  private long worthwhileWith(int leadingId, long masks, ScopeQuery query) {
    long worthwhile = masks & knownTo(leading, leadingId);
    for (int dimension = 0; dimension < dimensions && worthwhile != 0; dimension++) {
      if (masksById[dimension] != null && dimension != leading) {
        long here = masksWithout[dimension];
        final int[] ids = query.ids(dimension);
        for (int i = 0; i < query.count(dimension); i++) {
          here |= masksByPair[pair(leadingId, dimension, ids[i], masksByPair)];
        }
        worthwhile &= here;
      }
    }
    return worthwhile;
  }

  private long knownTo(int dimension, int id) {
    final long[] byId = masksById[dimension];
    return id < byId.length ? byId[id] : 0;
  }

  /** How many keys the call has for a mask, or any number above that of the mask's own. */
  private long combinations(int mask, ScopeQuery query) {
    final int enough = firstBuckets[mask + 1] - firstBuckets[mask];
    long combinations = 1;
    for (final int dimension : maskDimensions[mask]) {
      combinations *= query.count(dimension);
      if (combinations > enough) {
        return combinations;
      }
    }
    return combinations;
  }

  /** Probes all combinations of ids from a place of the mask's dimensions on. */
  private void probe(int mask, int place, long hash, ScopeQuery query, CandidateBuffer out) {
    final int[] ofMask = maskDimensions[mask];
    if (place == ofMask.length) {
      lookUp(mask, hash, out);
      return;
    }
    final int dimension = ofMask[place];
    final int[] ids = query.ids(dimension);
    for (int i = 0; i < query.count(dimension); i++) {
      if ((knownTo(dimension, ids[i]) & 1L << mask) != 0) {
        out.key()[place] = ids[i];
        probe(mask, place + 1, hash(hash, ids[i]), query, out);
      }
    }
  }

  private void lookUp(int mask, long hash, CandidateBuffer out) {
    out.probed(1);
    final int tag = tag(hash);
    int at = tag & table.length - 1;
    for (long word = table[at]; word != 0; word = table[at]) {
      final int record = (int) word - 1;
      if ((int) (word >>> 32) == tag && isKeyOf(record, mask, out.key())) {
        take(record, out);
        return;
      }
      at = at + 1 & table.length - 1;
    }
  }

  private boolean isKeyOf(int record, int mask, int[] key) {
    if ((records[record] & MaskPlan.MASKS_MAX - 1) != mask) {
      return false;
    }
    final int length = maskDimensions[mask].length;
    for (int i = 0; i < length; i++) {
      if (records[record + 1 + i] != key[i]) {
        return false;
      }
    }
    return true;
  }

  private void lookAtAll(int mask, ScopeQuery query, CandidateBuffer out) {
    final int[] ofMask = maskDimensions[mask];
    out.probed(firstBuckets[mask + 1] - firstBuckets[mask]);
    for (int bucket = firstBuckets[mask]; bucket < firstBuckets[mask + 1]; bucket++) {
      final int key = places[bucket] + 1;
      int place = 0;
      while (place < ofMask.length && query.has(ofMask[place], records[key + place])) {
        place++;
      }
      if (place == ofMask.length) {
        take(places[bucket], out);
      }
    }
  }

  private void take(int record, CandidateBuffer out) {
    final int head = records[record];
    final int from = record + 1 + maskDimensions[head & MaskPlan.MASKS_MAX - 1].length;
    for (int i = from; i < from + (head >>> MASK_BITS); i++) {
      out.mark(records[i]);
    }
  }

  /** How many masks a search may have to probe. */
  int maskCount() {
    return maskDimensions.length;
  }

  @Override
  public Kind kind() {
    return Kind.TUPLE_SPACE;
  }

  @Override
  public int entryCount() {
    return entryCount;
  }

  @Override
  public long heapBytes() {
    long longs = (long) table.length + masksByPair.length;
    for (final long[] byId : masksById) {
      longs += byId == null ? 0 : byId.length;
    }
    final long ints = (long) places.length + records.length;
    return Long.BYTES * longs
        + Integer.BYTES * ints
        + (notFiled == null ? 0 : notFiled.heapBytes());
  }
}
