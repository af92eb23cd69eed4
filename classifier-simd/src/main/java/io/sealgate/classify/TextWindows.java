package io.sealgate.classify;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.stream.LiteralAutomaton;
import io.sealgate.classify.stream.LiveTail;
import io.sealgate.classify.view.DetectionCopy;
import io.sealgate.classify.view.SpecialBytes;
import java.util.Arrays;

/**
 * One text read piece by piece, of which no more is kept than a hit can still need. What is found
 * does not depend on the pieces: a hit is taken when the bytes that decide it are there ({@link
 * Reach}) and nothing later can overlap with it. One thread at a time.
 */
final class TextWindows {
  private static final int BYTES_INITIAL = 512;

  /** A buffer longer than this is given back once little is held. */
  private static final int BYTES_RETAINED_MAX = 4_096;

  /** Fewer bytes than these are not worth a scan of the hundreds before them. */
  private static final int SCAN_BYTES_MIN = 32;

  /** What lies so far before is not worth scanning again. */
  private static final int SCANNED_BEFORE_BYTES_MAX = 4 * Reach.LEFT_BYTES_MAX;

  private final LiveTail tail;
  private byte[] text = new byte[BYTES_INITIAL];
  private int length;

  /** Offset in the whole text of {@code text[0]}. */
  private int origin;

  /** Made when first needed; see {@link #copying}. */
  private DetectionCopy copy;

  private LiveTail copyTail;

  /** Whether the copy goes along; if not, it would be the text itself. */
  private boolean copying;

  private final LiteralAutomaton automaton;

  /** Bytes of the text of which everything is found. */
  private int decided;

  private int coveredEnd;
  private int injectedEnd;

  TextWindows(final LiteralAutomaton automaton) {
    this.automaton = automaton;
    tail = new LiveTail(automaton);
  }

  /** Starts with an empty text. */
  void clear() {
    length = 0;
    origin = 0;
    decided = 0;
    coveredEnd = 0;
    injectedEnd = 0;
    copying = false;
    tail.clear();
    shrink();
  }

  /** Every finding that begins before this offset is found, and ends before it. */
  int decided() {
    return decided;
  }

  /** The offset up to which the text was read. */
  int end() {
    return origin + length;
  }

  /** Appends well-formed UTF-8 that ends with a whole code point. */
  void append(final byte[] utf8, final int from, final int to) {
    final int bytes = to - from;
    if (text.length - length < bytes) {
      discard();
      if (text.length - length < bytes) {
        text = Arrays.copyOf(text, Math.max(text.length + text.length / 2, length + bytes));
      }
    }
    System.arraycopy(utf8, from, text, length, bytes);
    length += bytes;
  }

  /**
   * Looks for findings in what was appended.
   *
   * @param last whether nothing follows
   * @param found scratch space
   * @param in the segments that the text is made of, null for one
   */
  void advance(
      final TextScan scan,
      final boolean last,
      final Hits found,
      final Overlaps overlaps,
      final Segments in,
      final Findings out)
      throws ClassifierException {
    readTails(last);
    int floor = last ? end() : floor();
    if (floor <= decided) {
      return;
    }
    final boolean copyDiffers = copying && !copy.same();
    final int copyFloor = copying ? copy.copyOffset(floor) : 0;
    final boolean call =
        tail.callsForScan(floor) || copyDiffers && copyTail.callsForScan(copyFloor);
    if (call) {
      if (!last && floor - decided < SCAN_BYTES_MIN) {
        return;
      }
      if (decided - origin > SCANNED_BEFORE_BYTES_MAX) {
        discard();
      }
      found.clear();
      scanText(scan, found);
      if (copyDiffers) {
        scanCopy(scan, found);
      }
      overlaps.resume(coveredEnd, injectedEnd);
      floor = overlaps.resolve(found, decided, floor, in, out);
      coveredEnd = overlaps.coveredEnd();
      injectedEnd = overlaps.injectedEnd();
    }
    decided = Math.max(decided, floor);
    tail.scanned(decided);
    if (copying) {
      copyTail.scanned(copy.copyOffset(decided));
      copy.discard(copy.copyOffset(decided) - Reach.LEFT_BYTES_MAX);
      copying = !(copy.read() == end() && copy.idle());
    }
    if (text.length > BYTES_RETAINED_MAX) {
      discard();
      shrink();
    }
  }

  private void readTails(final boolean last) {
    final int unread = tail.end() - origin;
    if (!copying && SpecialBytes.next(text, unread, length) < length) {
      startCopy(unread);
    }
    if (copying) {
      copy.append(text, copy.read() - origin, length, last);
      copyTail.read(copy.bytes(), copy.length(), copy.origin());
    }
    tail.read(text, length, origin);
  }

  private void startCopy(final int unread) {
    if (copy == null) {
      copy = new DetectionCopy();
      copyTail = new LiveTail(automaton);
    }
    copy.begin(text, 0, unread, origin);
    copyTail.copy(tail);
    copying = true;
  }

  private int floor() {
    int floor = tail.floor(text, origin);
    if (copying) {
      floor = Math.min(floor, copy.textStart(copyTail.floor(copy.bytes(), copy.origin())));
    }
    while (floor > decided && floor < end() && (text[floor - origin] & 0xC0) == 0x80) {
      floor--;
    }
    return floor;
  }

  private void scanText(final TextScan scan, final Hits found) throws ClassifierException {
    scan.scan(text, length, found);
    for (int hit = 0; hit < found.size(); hit++) {
      found.move(hit, origin + found.start(hit), origin + found.end(hit));
    }
  }

  private void scanCopy(final TextScan scan, final Hits found) throws ClassifierException {
    final int first = found.size();
    scan.scan(copy.bytes(), copy.length(), found);
    for (int hit = first; hit < found.size(); hit++) {
      final int start = copy.textStart(copy.origin() + found.start(hit));
      found.move(hit, start, copy.textEnd(copy.origin() + found.end(hit)));
    }
  }

  /** Forgets what nothing that is undecided can look back at; whole code points go. */
  private void discard() {
    int gone = Math.min(decided - Reach.LEFT_BYTES_MAX - origin, length);
    if (copying) {
      gone = Math.min(gone, copy.read() - origin);
    }
    while (gone > 0 && gone < length && (text[gone] & 0xC0) == 0x80) {
      gone--;
    }
    if (gone > 0) {
      length -= gone;
      origin += gone;
      System.arraycopy(text, gone, text, 0, length);
    }
  }

  private void shrink() {
    if (text.length > BYTES_RETAINED_MAX && length <= BYTES_INITIAL) {
      text = Arrays.copyOf(text, BYTES_INITIAL);
    }
  }
}
