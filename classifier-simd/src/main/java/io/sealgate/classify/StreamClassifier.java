package io.sealgate.classify;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.json.JsonStrings;
import io.sealgate.classify.stream.LiveTail;
import java.util.Arrays;
import java.util.Objects;

/**
 * Classifies one text that comes in pieces, for example one field of one choice of a streamed
 * answer. Finds what {@link Scanner#scan} finds in the whole text, wherever it is cut, also within
 * a code point. Streams of one thread share a scanner; a stream itself keeps less than 1 KiB while
 * nothing is held back, and less than 3.5 KiB where every few bytes are in disguise.
 *
 * <p>Findings come in the order of their start, each once, as soon as no later byte can change it.
 * {@link LiveTail} says how many bytes each kind of finding holds back; a row of findings that
 * overlap may add {@value Overlaps#TIED_BYTES_MAX}. Of bytes that are invisible any number may be
 * held. With a tenant's regular expression, or a keyword with letters outside of ASCII that ignores
 * case, all is held to the end, up to {@value #WHOLE_BYTES_MAX} bytes.
 *
 * <p>One thread at a time, the scanner's. Offsets are bytes from the start of the stream. A byte
 * that is not part of well-formed UTF-8 is read as {@code '?'}, as by {@link Segments#addText}.
 */
public final class StreamClassifier {
  /** Bytes of one stream. */
  public static final int TEXT_BYTES_MAX = 1 << 30;

  /** Bytes of one stream when a pattern needs all of it. */
  public static final int WHOLE_BYTES_MAX = 1 << 20;

  private static final int SEQUENCE_BYTES_MAX = 4;
  private static final int PIECE_BYTES = 16 * 1024;
  private static final byte CONTINUATION = (byte) 0x80;
  private static final byte[] REPLACEMENT = {'?'};

  private final Scanner scanner;

  /** Null when the whole text is needed. */
  private final TextWindows windows;

  /** Null unless the whole text is needed. */
  private final Segments whole;

  private byte[] wholeText = {};
  private int received;

  /** All bytes once they are classified, where all are needed; none before. */
  private int decidedWhole;

  /** The front of a code point whose end has not come. */
  private final byte[] cut = new byte[SEQUENCE_BYTES_MAX];

  private final byte[] completed = new byte[SEQUENCE_BYTES_MAX];
  private int cutBytes;
  private boolean finished;

  /** A stream for the thread of {@code scanner}, which has to stay open. */
  public StreamClassifier(final Scanner scanner) {
    this.scanner = scanner;
    windows = scanner.needsWholeSegments() ? null : scanner.windows();
    whole = windows == null ? new Segments() : null;
  }

  /**
   * Reads on.
   *
   * @param out gets what is found for certain, appended; the caller clears it
   * @throws ClassifierException when the text cannot be read on: longer than {@link
   *     #TEXT_BYTES_MAX}, or than {@link #WHOLE_BYTES_MAX} where all of it is needed, too many
   *     matches, or a failure of the engine; then nothing more may be released
   * @throws IllegalStateException after {@link #finish}, or when the scanner is closed or in use
   */
  public void push(final byte[] utf8, final int off, final int len, final Findings out)
      throws ClassifierException {
    Objects.checkFromIndexSize(off, len, utf8.length);
    requireOpen();
    final int max = windows == null ? WHOLE_BYTES_MAX : TEXT_BYTES_MAX;
    if (len > max - received) {
      throw new ClassifierException(
          "the stream has more than " + max + " bytes; end it, or read its parts as one text each");
    }
    if (windows == null) {
      hold(utf8, off, len);
      return;
    }
    received += len;
    int from = off;
    while (from < off + len) {
      final int to = Math.min(off + len, from + PIECE_BYTES);
      append(utf8, from, to);
      scanner.advance(windows, false, out);
      from = to;
    }
  }

  /**
   * Says that nothing follows.
   *
   * @param out gets all that was not found yet, appended
   * @throws ClassifierException as {@link #push}
   * @throws IllegalStateException as {@link #push}
   */
  public void finish(final Findings out) throws ClassifierException {
    requireOpen();
    finished = true;
    if (windows == null) {
      whole.addText(wholeText, 0, received);
      final var all = new Findings();
      scanner.scan(whole, all);
      out.addAll(all);
      decidedWhole = received;
      return;
    }
    for (int i = 0; i < cutBytes; i++) {
      replaceByte();
    }
    cutBytes = 0;
    scanner.advance(windows, true, out);
  }

  /**
   * How many bytes from the start of the stream no later finding can claim: every finding that
   * begins before was given out. One that was given out may end later, in a row of findings that
   * overlap.
   */
  public int releasable() {
    return windows == null ? decidedWhole : windows.decided();
  }

  private void requireOpen() {
    if (finished) {
      throw new IllegalStateException("the stream is finished");
    }
  }

  private void hold(final byte[] utf8, final int off, final int len) {
    if (wholeText.length - received < len) {
      wholeText = Arrays.copyOf(wholeText, Math.max(2 * wholeText.length, received + len));
    }
    System.arraycopy(utf8, off, wholeText, received, len);
    received += len;
  }

  private void append(final byte[] utf8, final int from, final int to) {
    int p = from;
    while (cutBytes > 0 && p < to) {
      cut[cutBytes++] = utf8[p++];
      settleCut();
    }
    int begin = p;
    while (p < to) {
      p = JsonStrings.skipAscii(utf8, p, to);
      if (p == to) {
        break;
      }
      final int bytes = JsonStrings.utf8Length(utf8, p, to);
      if (bytes > 0) {
        p += bytes;
      } else if (mayGoOn(utf8, p, to)) {
        break;
      } else {
        windows.append(utf8, begin, p);
        replaceByte();
        begin = ++p;
      }
    }
    windows.append(utf8, begin, p);
    while (p < to) {
      cut[cutBytes++] = utf8[p++];
    }
  }

  /** Takes from the front of {@link #cut} what can be told already. */
  private void settleCut() {
    while (cutBytes > 0) {
      final int bytes = cut[0] >= 0 ? 1 : JsonStrings.utf8Length(cut, 0, cutBytes);
      if (bytes == 0 && mayGoOn(cut, 0, cutBytes)) {
        return;
      }
      if (bytes == 0) {
        replaceByte();
      } else {
        windows.append(cut, 0, bytes);
      }
      final int taken = Math.max(1, bytes);
      cutBytes -= taken;
      System.arraycopy(cut, taken, cut, 0, cutBytes);
    }
  }

  private void replaceByte() {
    windows.append(REPLACEMENT, 0, 1);
  }

  /** Whether the bytes, which are no whole sequence of UTF-8, are the front of one. */
  private boolean mayGoOn(final byte[] utf8, final int from, final int to) {
    final int lead = utf8[from] & 0xFF;
    if (lead < 0xC2 || lead > 0xF4 || to - from >= SEQUENCE_BYTES_MAX) {
      return false;
    }
    if (to - from == 1) {
      return true;
    }
    Arrays.fill(completed, CONTINUATION);
    System.arraycopy(utf8, from, completed, 0, to - from);
    final int bytes = JsonStrings.utf8Length(completed, 0, SEQUENCE_BYTES_MAX);
    return bytes > to - from;
  }
}
