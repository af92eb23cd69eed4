package io.sealgate.policy.index;

import java.util.Arrays;

/** Files entries under masks and keys. */
final class TupleSpaceBuilder {
  /** The table is at most half full. */
  private static final int TABLE_WORDS_PER_BUCKET = 2;

  private final ScopeEntries entries;
  private final MaskPlan plan;
  private final int[] masks;
  private final int leading;
  private final int[][] maskDimensions;
  private final int[] firstBuckets;
  private final int[] firstKeys;
  private final long[][] masksById;

  /** By combination, in the order of filing: its bucket and its rule. */
  private int[] filedBuckets = new int[64];

  private int[] filedRules = new int[64];
  private int filed;

  private int[] keys = new int[64];
  private int keysEnd;
  private int buckets;
  private long[] table = new long[128];

  /** The constraints of the entry being filed, by place in its mask. */
  private final int[][] streams = new int[ScopeEntries.DIMENSIONS_MAX][];

  private final int[] froms = new int[ScopeEntries.DIMENSIONS_MAX];
  private final int[] tos = new int[ScopeEntries.DIMENSIONS_MAX];
  private int constraints;

  /** The combination being filed. */
  private final int[] key = new int[ScopeEntries.DIMENSIONS_MAX];

  static TupleSpaceIndex build(ScopeEntries entries) {
    return new TupleSpaceBuilder(entries).build();
  }

  private TupleSpaceBuilder(ScopeEntries entries) {
    this.entries = entries;
    final int[][] counts = DimensionIds.counts(entries);
    leading = leading(counts);
    plan = new MaskPlan(entries);
    masks = plan.masks();
    maskDimensions = new int[masks.length][];
    for (int mask = 0; mask < masks.length; mask++) {
      maskDimensions[mask] = leadingFirst(masks[mask]);
    }
    firstBuckets = new int[masks.length + 1];
    firstKeys = new int[masks.length + 1];
    masksById = new long[entries.dimensions()][];
    for (final int[] ofMask : maskDimensions) {
      for (final int dimension : ofMask) {
        masksById[dimension] = new long[counts[dimension].length];
      }
    }
  }

  /** The dimension that tells the most entries apart best. */
  private static int leading(int[][] counts) {
    int leading = 0;
    double most = -1;
    for (int dimension = 0; dimension < counts.length; dimension++) {
      if (counts[dimension] != null) {
        final long distinct = Arrays.stream(counts[dimension]).filter(count -> count > 0).count();
        final double weight = Arrays.stream(counts[dimension]).sum() * Math.log(distinct);
        if (weight > most) {
          most = weight;
          leading = dimension;
        }
      }
    }
    return leading;
  }

  private int[] leadingFirst(int mask) {
    final int[] ordered = new int[Integer.bitCount(mask)];
    int size = 0;
    if ((mask & 1 << leading) != 0) {
      ordered[size++] = leading;
    }
    for (int left = mask & ~(1 << leading); left != 0; left &= left - 1) {
      ordered[size++] = Integer.numberOfTrailingZeros(left);
    }
    return ordered;
  }

  private TupleSpaceIndex build() {
    final int[][] byMask = entriesByMask();
    for (int mask = 0; mask < masks.length; mask++) {
      for (final int entry : byMask[mask]) {
        readConstraints(entry, mask);
        file(mask, 0, TupleSpaceIndex.hash(mask), entries.rule(entry));
      }
      firstBuckets[mask + 1] = buckets;
      firstKeys[mask + 1] = keysEnd;
    }
    final int[] places = new int[buckets];
    final int[] records = records(places);
    for (int at = 0; at < table.length; at++) {
      if (table[at] != 0) {
        table[at] = word((int) (table[at] >>> 32), places[(int) table[at] - 1]);
      }
    }
    return new TupleSpaceIndex(
        entries,
        new TupleSpaceIndex.Tables(
            maskDimensions, firstBuckets, places, records, table, masksById, leading, notFiled()));
  }

  /**
   * Writes the buckets' records. Those with one id in the leading dimension are neighbours, as one
   * call meets several of them.
   *
   * @param places receives where the record of each bucket begins
   */
  private int[] records(int[] places) {
    final int[] counts = new int[buckets];
    for (int i = 0; i < filed; i++) {
      counts[filedBuckets[i]]++;
    }
    final int[] maskOf = new int[buckets];
    final long[] order = new long[buckets];
    for (int mask = 0; mask < masks.length; mask++) {
      final int[] ofMask = maskDimensions[mask];
      final boolean leads = ofMask.length > 0 && ofMask[0] == leading;
      for (int bucket = firstBuckets[mask]; bucket < firstBuckets[mask + 1]; bucket++) {
        maskOf[bucket] = mask;
        order[bucket] = (leads ? 1L + keys[firstKey(bucket, mask)] : 0) << Integer.SIZE | bucket;
      }
    }
    Arrays.sort(order);
    final int[] records = new int[buckets + keysEnd + filed];
    final int[] ends = new int[buckets];
    int end = 0;
    for (final long next : order) {
      final int bucket = (int) next;
      final int length = maskDimensions[maskOf[bucket]].length;
      places[bucket] = end;
      records[end] = TupleSpaceIndex.recordHead(maskOf[bucket], counts[bucket]);
      System.arraycopy(keys, firstKey(bucket, maskOf[bucket]), records, end + 1, length);
      ends[bucket] = end + 1 + length;
      end = ends[bucket] + counts[bucket];
    }
    for (int i = 0; i < filed; i++) {
      records[ends[filedBuckets[i]]++] = filedRules[i];
    }
    return records;
  }

  private int firstKey(int bucket, int mask) {
    return firstKeys[mask] + (bucket - firstBuckets[mask]) * maskDimensions[mask].length;
  }

  private int[][] entriesByMask() {
    final int[] sizes = new int[masks.length];
    for (int entry = 0; entry < entries.count(); entry++) {
      if (plan.mask(entry) >= 0) {
        sizes[plan.mask(entry)]++;
      }
    }
    final int[][] byMask = new int[masks.length][];
    for (int mask = 0; mask < masks.length; mask++) {
      byMask[mask] = new int[sizes[mask]];
    }
    for (int entry = entries.count() - 1; entry >= 0; entry--) {
      final int mask = plan.mask(entry);
      if (mask >= 0) {
        byMask[mask][--sizes[mask]] = entry;
      }
    }
    return byMask;
  }

  private BitmapIndex notFiled() {
    final ScopeEntries rest = entries.those(entry -> plan.mask(entry) < 0);
    return rest.count() == 0 ? null : new BitmapIndex(rest, DimensionIds.counts(rest));
  }

  private void readConstraints(int entry, int mask) {
    final int[] ofMask = maskDimensions[mask];
    constraints = ofMask.length;
    entries.read(
        entry,
        (dimension, stream, from, to) -> {
          for (int place = 0; place < ofMask.length; place++) {
            if (ofMask[place] == dimension) {
              streams[place] = stream;
              froms[place] = from;
              tos[place] = to;
            }
          }
        });
  }

  /** Files a rule under all combinations of ids from a place of the mask's dimensions on. */
  private void file(int mask, int place, long hash, int rule) {
    if (place == constraints) {
      fileUnderKey(mask, hash, rule);
      return;
    }
    final int dimension = maskDimensions[mask][place];
    for (int i = froms[place]; i < tos[place]; i++) {
      final int id = streams[place][i];
      masksById[dimension][id] |= 1L << mask;
      key[place] = id;
      file(mask, place + 1, TupleSpaceIndex.hash(hash, id), rule);
    }
  }

  private void fileUnderKey(int mask, long hash, int rule) {
    if (filed == filedRules.length) {
      filedRules = Arrays.copyOf(filedRules, 2 * filed);
      filedBuckets = Arrays.copyOf(filedBuckets, 2 * filed);
    }
    filedRules[filed] = rule;
    filedBuckets[filed++] = findOrAddBucket(mask, TupleSpaceIndex.tag(hash));
  }

  private int findOrAddBucket(int mask, int tag) {
    int at = tag & table.length - 1;
    for (long word = table[at]; word != 0; word = table[at]) {
      final int bucket = (int) word - 1;
      if ((int) (word >>> 32) == tag && bucket >= firstBuckets[mask] && isKeyOf(bucket, mask)) {
        return bucket;
      }
      at = at + 1 & table.length - 1;
    }
    table[at] = word(tag, buckets);
    appendKey();
    buckets++;
    if (buckets > table.length / TABLE_WORDS_PER_BUCKET) {
      growTable();
    }
    return buckets - 1;
  }

  private static long word(int tag, int bucket) {
    return (long) tag << 32 | bucket + 1;
  }

  private boolean isKeyOf(int bucket, int mask) {
    final int from = firstKey(bucket, mask);
    return Arrays.equals(keys, from, from + constraints, key, 0, constraints);
  }

  private void appendKey() {
    if (keysEnd + constraints > keys.length) {
      keys = Arrays.copyOf(keys, 2 * keys.length);
    }
    System.arraycopy(key, 0, keys, keysEnd, constraints);
    keysEnd += constraints;
  }

  private void growTable() {
    final long[] larger = new long[2 * table.length];
    for (final long word : table) {
      if (word != 0) {
        int at = (int) (word >>> 32) & larger.length - 1;
        while (larger[at] != 0) {
          at = at + 1 & larger.length - 1;
        }
        larger[at] = word;
      }
    }
    table = larger;
  }
}
