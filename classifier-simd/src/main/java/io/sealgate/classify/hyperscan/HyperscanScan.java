package io.sealgate.classify.hyperscan;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sealgate.classify.finding.ClassifierException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * What one thread needs to scan: scratch space, a native copy of the text, the callback and the
 * matches it recorded. Not thread-safe. Holds no reference to the databases; its owner does.
 */
public final class HyperscanScan implements AutoCloseable {
  /** Matches of one pass; a text with more is refused, never half read. */
  public static final int MATCHES_MAX = 1 << 20;

  private static final int TEXT_BYTES_INITIAL = 64 * 1024;
  private static final int MATCHES_INITIAL = 1_024;
  private static final int GO_ON = 0;
  private static final int STOP = 1;

  private final Arena arena = Arena.ofShared();
  private final long callback;
  private final int[] latestOfId;

  private long scratch;
  private Arena textArena;
  private MemorySegment text;

  private int[] ids = new int[MATCHES_INITIAL];
  private int[] starts = new int[MATCHES_INITIAL];
  private int[] ends = new int[MATCHES_INITIAL];
  private int count;
  private int base;
  private boolean joinSameStart;
  private boolean overflow;
  private Throwable failure;

  /**
   * @param idsMax one more than the largest identifier in any of {@code databases}
   */
  public HyperscanScan(final int idsMax, final HyperscanDatabase... databases)
      throws ClassifierException {
    latestOfId = new int[idsMax];
    callback = stub();
    boolean complete = false;
    try {
      for (final HyperscanDatabase database : databases) {
        scratch = Hyperscan.allocScratch(database.address(), scratch);
      }
      textArena = Arena.ofShared();
      text = textArena.allocate(TEXT_BYTES_INITIAL);
      complete = true;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  private long stub() {
    final MethodHandle target;
    try {
      target =
          MethodHandles.lookup()
              .bind(
                  this,
                  "onMatch",
                  MethodType.methodType(
                      int.class, int.class, long.class, long.class, int.class, long.class));
    } catch (final ReflectiveOperationException e) {
      throw new IllegalStateException("the match callback is missing from its own class", e);
    }
    return Linker.nativeLinker().upcallStub(target, Hyperscan.MATCH_CALLBACK, arena).address();
  }

  /** Copies the text to where native code can read it; forgets the matches. */
  public void load(final byte[] bytes, final int length) {
    if (text.byteSize() < length) {
      grow(length);
    }
    MemorySegment.copy(bytes, 0, text, JAVA_BYTE, 0, length);
    count = 0;
  }

  private void grow(final int length) {
    final long bytes = Math.max(length, Math.min(text.byteSize() * 2, Integer.MAX_VALUE));
    final Arena larger = Arena.ofShared();
    final MemorySegment room = larger.allocate(bytes);
    textArena.close();
    textArena = larger;
    text = room;
  }

  /** Forgets the matches of the passes before. */
  public void clear() {
    count = 0;
  }

  /**
   * Adds the matches of {@code database} within a part of the loaded text to those recorded.
   *
   * @param joinSameStart for expressions with SOM_LEFTMOST: of the matches of one expression that
   *     start together and are reported in succession, only the longest is kept
   * @throws ClassifierException when there are more than {@link #MATCHES_MAX} or Hyperscan fails
   */
  public void scan(
      final HyperscanDatabase database, final int from, final int to, final boolean joinSameStart)
      throws ClassifierException {
    this.base = from;
    this.joinSameStart = joinSameStart;
    overflow = false;
    failure = null;
    final int rc =
        Hyperscan.scan(database.address(), text.address() + from, to - from, scratch, callback);
    if (failure != null) {
      throw new ClassifierException("the match callback failed: " + failure.getClass().getName());
    }
    if (overflow) {
      throw new ClassifierException(
          "the text has more than " + MATCHES_MAX + " pattern matches and is not classified");
    }
    if (rc != Hyperscan.SUCCESS) {
      throw new ClassifierException("Hyperscan's scan failed: error " + rc);
    }
  }

  /** Called by native code: an exception that left it would end the process. */
  @SuppressWarnings("unused") // Looked up by name in stub().
  private int onMatch(
      final int id, final long from, final long to, final int flags, final long context) {
    try {
      return record(id, base + (int) from, base + (int) to);
    } catch (final Throwable e) {
      failure = e;
      return STOP;
    }
  }

  private int record(final int id, final int start, final int end) {
    if (joinSameStart) {
      final int latest = latestOfId[id];
      if (latest < count && ids[latest] == id && starts[latest] == start) {
        ends[latest] = Math.max(ends[latest], end);
        return GO_ON;
      }
    }
    if (count == MATCHES_MAX) {
      overflow = true;
      return STOP;
    }
    if (count == ids.length) {
      final int larger = Math.min(count * 2, MATCHES_MAX);
      ids = Arrays.copyOf(ids, larger);
      starts = Arrays.copyOf(starts, larger);
      ends = Arrays.copyOf(ends, larger);
    }
    latestOfId[id] = count;
    ids[count] = id;
    starts[count] = start;
    ends[count] = end;
    count++;
    return GO_ON;
  }

  public int count() {
    return count;
  }

  public int id(final int match) {
    return ids[match];
  }

  /** Meaningful only for an expression with SOM_LEFTMOST. */
  public int start(final int match) {
    return starts[match];
  }

  public int end(final int match) {
    return ends[match];
  }

  @Override
  public void close() {
    if (scratch != 0) {
      Hyperscan.freeScratch(scratch);
      scratch = 0;
    }
    if (textArena != null) {
      textArena.close();
      textArena = null;
    }
    arena.close();
  }
}
