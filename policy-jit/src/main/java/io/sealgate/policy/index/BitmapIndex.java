package io.sealgate.policy.index;

import java.util.Arrays;

/**
 * A row of bits for each id of each dimension, one bit an entry, ANDed over the dimensions. Rows of
 * ids that few entries name are lists of entries instead, so that the whole is linear in the
 * entries' size however many ids there are: a row of bits is kept only where it is at most 16 times
 * as large as the list.
 */
final class BitmapIndex implements ScopeIndex {
  /** An id has a row of bits if more entries name it than a row's words divided by this. */
  private static final int WORDS_PER_LISTED_ENTRY = 2;

  private final int dimensions;
  private final int[] rules;
  private final int words;

  /** The dimensions in which some entry is constrained. */
  private final int[] used;

  /** All rows of bits. The first ones, by place in {@link #used}: entries not constrained there. */
  private final long[] rows;

  /**
   * By place in {@link #used} and id: 0 if no entry names it, the row of bits if positive, and the
   * complement of the list's number if negative. Such a row has the unconstrained entries' bits as
   * well, a list has not.
   */
  private final int[][] places;

  private final int[] listStarts;
  private final int[] lists;

  /**
   * Builds it.
   *
   * @param counts as {@link DimensionIds#counts} gives them for the entries
   */
  BitmapIndex(ScopeEntries entries, int[][] counts) {
    dimensions = entries.dimensions();
    rules = new int[entries.count()];
    Arrays.setAll(rules, entries::rule);
    words = words(rules.length);
    used = usedDimensions(counts);
    places = new int[used.length][];
    int rowCount = used.length;
    int listCount = 0;
    int listed = 0;
    for (int place = 0; place < used.length; place++) {
      final int[] count = counts[used[place]];
      places[place] = new int[count.length];
      for (int id = 0; id < count.length; id++) {
        if (hasRow(count[id], words)) {
          places[place][id] = rowCount++;
        } else if (count[id] > 0) {
          places[place][id] = ~listCount++;
          listed += count[id];
        }
      }
    }
    rows = new long[Math.multiplyExact(rowCount, words)];
    listStarts = new int[listCount + 1];
    lists = new int[listed];
    int at = 0;
    for (int place = 0; place < used.length; place++) {
      for (int id = 0; id < places[place].length; id++) {
        if (places[place][id] < 0) {
          listStarts[~places[place][id]] = at;
          at += counts[used[place]][id];
        }
      }
    }
    listStarts[listCount] = at;
    fill(entries);
  }

  /** How many bytes the rows of bits would take. */
  static long rowBytes(ScopeEntries entries, int[][] counts) {
    final int words = words(entries.count());
    long rowCount = 0;
    for (final int dimension : usedDimensions(counts)) {
      rowCount++;
      for (final int count : counts[dimension]) {
        rowCount += hasRow(count, words) ? 1 : 0;
      }
    }
    return rowCount * words * Long.BYTES;
  }

  private static int words(int entryCount) {
    return (entryCount + Long.SIZE - 1) / Long.SIZE;
  }

  private static boolean hasRow(int count, int words) {
    return count > words / WORDS_PER_LISTED_ENTRY;
  }

  private static int[] usedDimensions(int[][] counts) {
    final int[] used = new int[counts.length];
    int size = 0;
    for (int dimension = 0; dimension < counts.length; dimension++) {
      if (counts[dimension] != null) {
        used[size++] = dimension;
      }
    }
    return Arrays.copyOf(used, size);
  }

  private void fill(ScopeEntries entries) {
    final int[] placeOf = new int[dimensions];
    for (int place = 0; place < used.length; place++) {
      placeOf[used[place]] = place;
      for (int entry = 0; entry < rules.length; entry++) {
        rows[place * words + (entry >>> 6)] |= 1L << entry;
      }
    }
    final int[] listEnds = listStarts.clone();
    for (int i = 0; i < rules.length; i++) {
      final int entry = i;
      entries.read(
          entry,
          (dimension, stream, from, to) -> {
            final int place = placeOf[dimension];
            rows[place * words + (entry >>> 6)] &= ~(1L << entry);
            for (int at = from; at < to; at++) {
              final int row = places[place][stream[at]];
              if (row < 0) {
                lists[listEnds[~row]++] = entry;
              } else {
                rows[row * words + (entry >>> 6)] |= 1L << entry;
              }
            }
          });
    }
    for (int place = 0; place < used.length; place++) {
      for (final int row : places[place]) {
        if (row > 0) {
          for (int word = 0; word < words; word++) {
            rows[row * words + word] |= rows[place * words + word];
          }
        }
      }
    }
  }

  @Override
  public void find(ScopeQuery query, CandidateBuffer out) {
    query.expectDimensions(dimensions);
    out.begin();
    final long[] matching = matching(query, out);
    for (int word = 0; word < words; word++) {
      for (long bits = matching[word]; bits != 0; bits &= bits - 1) {
        out.append(rules[(word << 6) + Long.numberOfTrailingZeros(bits)]);
      }
    }
  }

  /** Marks the matching rules in a buffer that is in use, with room for them. */
  void markMatching(ScopeQuery query, CandidateBuffer out) {
    final long[] matching = matching(query, out);
    for (int word = 0; word < words; word++) {
      for (long bits = matching[word]; bits != 0; bits &= bits - 1) {
        out.mark(rules[(word << 6) + Long.numberOfTrailingZeros(bits)]);
      }
    }
  }

  /** The matching entries, in one of the buffer's rows. */
  private long[] matching(ScopeQuery query, CandidateBuffer out) {
    final long[][] scratch = out.rows(words);
    long[] matching = scratch[0];
    long[] other = scratch[1];
    Arrays.fill(matching, 0, words, -1L);
    for (int place = 0; place < used.length; place++) {
      final int only = onlyRow(query, place);
      if (only >= 0) {
        and(matching, only * words);
        out.probed(1);
      } else {
        narrow(query, place, matching, other);
        out.probed(1 + query.count(used[place]));
        final long[] narrowed = other;
        other = matching;
        matching = narrowed;
      }
    }
    final int tail = rules.length & Long.SIZE - 1;
    if (tail != 0) {
      matching[words - 1] &= (1L << tail) - 1;
    }
    return matching;
  }

  /** The one row that says it all for this dimension, or -1 if several have to be put together. */
  private int onlyRow(ScopeQuery query, int place) {
    final int dimension = used[place];
    int only = place;
    for (int i = 0; i < query.count(dimension); i++) {
      final int row = row(place, query.ids(dimension)[i]);
      if (row != 0) {
        if (only != place || row < 0) {
          return -1;
        }
        only = row;
      }
    }
    return only;
  }

  private int row(int place, int id) {
    final int[] rowOf = places[place];
    return id < rowOf.length ? rowOf[id] : 0;
  }

  private void and(long[] matching, int from) {
    for (int word = 0; word < words; word++) {
      matching[word] &= rows[from + word];
    }
  }

  /** Keeps, in {@code into}, the entries of {@code matching} that one of the ids admits. */
  private void narrow(ScopeQuery query, int place, long[] matching, long[] into) {
    int from = place * words;
    for (int word = 0; word < words; word++) {
      into[word] = matching[word] & rows[from + word];
    }
    final int dimension = used[place];
    for (int i = 0; i < query.count(dimension); i++) {
      final int row = row(place, query.ids(dimension)[i]);
      if (row > 0) {
        from = row * words;
        for (int word = 0; word < words; word++) {
          into[word] |= matching[word] & rows[from + word];
        }
      } else if (row < 0) {
        for (int at = listStarts[~row]; at < listStarts[~row + 1]; at++) {
          final int entry = lists[at];
          into[entry >>> 6] |= matching[entry >>> 6] & 1L << entry;
        }
      }
    }
  }

  @Override
  public Kind kind() {
    return Kind.BITMAP;
  }

  @Override
  public int entryCount() {
    return rules.length;
  }

  @Override
  public long heapBytes() {
    long ints = (long) rules.length + listStarts.length + lists.length;
    for (final int[] rowOf : places) {
      ints += rowOf.length;
    }
    return Long.BYTES * (long) rows.length + Integer.BYTES * ints;
  }
}
