package io.sealgate.policy.index;

/**
 * Finds the rules whose scope matches a call. Immutable: any number of threads search at once, each
 * with its own query and buffer. The same entries, collected in any order, give the same answers,
 * whatever the kind.
 */
public sealed interface ScopeIndex permits LinearIndex, BitmapIndex, TupleSpaceIndex {
  /** The implementations. */
  enum Kind {
    /** Looks at every entry. The reference for the others, and best for a few. */
    LINEAR,
    /** ANDs a row of bits for each dimension. Best for some thousands of entries. */
    BITMAP,
    /** Probes a hash table once for each used set of dimensions. Best for many entries. */
    TUPLE_SPACE
  }

  /** Up to so many entries a scan beats any table. */
  int LINEAR_ENTRIES_MAX = 12;

  /** Up to so many entries rows of bits are as fast as hash probes, and smaller. */
  int BITMAP_ENTRIES_MAX = 4_000;

  /** Rows of bits that would take more than this are not worth their speed: 8 MB. */
  long BITMAP_BYTES_MAX = 8L << 20;

  /**
   * Writes the ids of the matching rules, ascending and each once.
   *
   * @param query with as many dimensions as the entries; not changed
   * @param out overwritten
   * @throws IllegalArgumentException if the query has another number of dimensions
   */
  void find(ScopeQuery query, CandidateBuffer out);

  /** What it is. */
  Kind kind();

  /** How many entries it was built from. */
  int entryCount();

  /** How much heap its tables take, in bytes, small objects left out. */
  long heapBytes();

  /** Builds the kind that suits the size; takes time, so not in the way of a call. */
  static ScopeIndex build(ScopeEntries entries) {
    if (entries.count() <= LINEAR_ENTRIES_MAX) {
      return new LinearIndex(entries);
    }
    if (entries.count() <= BITMAP_ENTRIES_MAX) {
      final int[][] counts = DimensionIds.counts(entries);
      if (BitmapIndex.rowBytes(entries, counts) <= BITMAP_BYTES_MAX) {
        return new BitmapIndex(entries, counts);
      }
    }
    return TupleSpaceBuilder.build(entries);
  }

  /** Builds one kind whatever the size. */
  static ScopeIndex build(Kind kind, ScopeEntries entries) {
    return switch (kind) {
      case LINEAR -> new LinearIndex(entries);
      case BITMAP -> new BitmapIndex(entries, DimensionIds.counts(entries));
      case TUPLE_SPACE -> TupleSpaceBuilder.build(entries);
    };
  }
}
