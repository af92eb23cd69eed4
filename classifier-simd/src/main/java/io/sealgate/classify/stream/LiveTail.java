package io.sealgate.classify.stream;

import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.view.Base64Runs;
import java.util.Arrays;

/**
 * Which bytes at the end of a text that goes on may still become part of a hit. Reads every byte
 * once, without a scan, and errs on the side of holding back. Offsets count from the start of the
 * text. One thread at a time.
 *
 * <p>How long a byte is held at most, by what may be under way:
 *
 * <table>
 * <caption>Hold-back in bytes</caption>
 * <tr><td>the last two words (an address, a date or a token may come of them)</td>
 *     <td>64; a run of base64: 16 KiB</td></tr>
 * <tr><td>the front of a literal</td><td>its length, and 64 before it in two words</td></tr>
 * <tr><td>numbers: cards, IBANs, phone numbers, identifiers</td><td>192 from the first digit</td></tr>
 * <tr><td>words with a digit, {@code @} or {@code :}: addresses, URLs, IPv6</td>
 *     <td>the word's end and 64, at most 576</td></tr>
 * <tr><td>secrets and tripwires, from their literal on</td><td>576</td></tr>
 * <tr><td>a JSON Web Token</td><td>its end and 64, at most 17,024</td></tr>
 * <tr><td>invisible characters in a row</td><td>their end, at most 17,024</td></tr>
 * <tr><td>a private key in PEM</td><td>its last line and 117, at most 17,024</td></tr>
 * </table>
 */
public final class LiveTail {
  private static final int PEM_LABEL_BYTES_MAX = 64;

  /** Longer than anything that may be under way. */
  private static final int LIVE_BYTES_MAX =
      Reach.OPEN_SPAN_BYTES_MAX + Reach.RIGHT_BYTES_MAX + 2 * Reach.LEAD_BYTES_MAX;

  /** When more than these come at once, only their end is read. */
  private static final int SKIPPED_BYTES_MIN = 4 * LIVE_BYTES_MAX;

  private static final int NONE = Integer.MAX_VALUE;
  private static final int NEVER = Integer.MIN_VALUE / 2;

  private static final byte SPACE = 1;
  private static final byte TRIGGER = 2;
  private static final byte RUN = 4;
  private static final byte WEB_TOKEN = 8;

  /** First bytes of the characters that nobody sees. */
  private static final byte INVISIBLE = 16;

  /** Bytes of a character after its first. */
  private static final byte CONTINUED = 32;

  private static final byte HYPHEN = 64;
  private static final byte[] CLASSES = classes();

  /** From one hyphen to the next in a MAC address, which may have no digit. */
  private static final int HYPHENS_APART = 3;

  /** Literals whose hits may come up; those close to each other share an entry. */
  private static final int PENDING_MAX = 16;

  /** Room for the few that most texts have at once. */
  private static final int PENDING_INITIAL = 4;

  private static final int PENDING_STEP_BYTES = 64;

  private final LiteralAutomaton automaton;
  private int[] pendingFrom = {};
  private int[] pendingUntil = {};
  private int[] pendingUntilMax = {};
  private int pending;

  private int read;
  private int state;
  private int runStart;
  private int lastTrigger;
  private int pemBegin;
  private int pemFrom;
  private int pemUntil;
  private int webToken;

  /** Where a row of characters began that may all be invisible. */
  private int hidden;

  /** The first and the last offset at which something calls for a scan. */
  private int firstCall;

  private int lastCall;

  /** Starts with an empty text. */
  public LiveTail(final LiteralAutomaton automaton) {
    this.automaton = automaton;
    clear();
  }

  private static byte[] classes() {
    final byte[] classes = new byte[256];
    for (int b = 0; b < 256; b++) {
      int kind = b <= ' ' ? SPACE : 0;
      kind |= b >= '0' && b <= '9' || b == '@' || b == ':' ? TRIGGER : 0;
      kind |= Base64Runs.isRun((byte) b) ? RUN | WEB_TOKEN : 0;
      kind |= b == '.' ? WEB_TOKEN : 0;
      kind |= b == 0xE2 || b == 0xEF || b == 0xF3 ? INVISIBLE : 0;
      kind |= (b & 0xC0) == 0x80 ? CONTINUED : 0;
      kind |= b == '-' ? HYPHEN : 0;
      classes[b] = (byte) kind;
    }
    return classes;
  }

  /** Starts again with an empty text. */
  public void clear() {
    pending = 0;
    read = 0;
    state = 0;
    runStart = 0;
    lastTrigger = NEVER;
    pemBegin = NEVER;
    pemFrom = NEVER;
    pemUntil = NEVER;
    webToken = NEVER;
    hidden = NEVER;
    firstCall = NONE;
    lastCall = NEVER;
  }

  /** Goes on from where another one is. */
  public void copy(final LiveTail other) {
    reservePending(other.pending);
    System.arraycopy(other.pendingFrom, 0, pendingFrom, 0, other.pending);
    System.arraycopy(other.pendingUntil, 0, pendingUntil, 0, other.pending);
    System.arraycopy(other.pendingUntilMax, 0, pendingUntilMax, 0, other.pending);
    pending = other.pending;
    read = other.read;
    state = other.state;
    runStart = other.runStart;
    lastTrigger = other.lastTrigger;
    pemBegin = other.pemBegin;
    pemFrom = other.pemFrom;
    pemUntil = other.pemUntil;
    webToken = other.webToken;
    hidden = other.hidden;
    firstCall = other.firstCall;
    lastCall = other.lastCall;
  }

  /** Reads what is new; {@code text[0]} is the byte at {@code origin}. */
  public void read(final byte[] text, final int length, final int origin) {
    if (origin + length - read > SKIPPED_BYTES_MIN) {
      skip(origin + length - LIVE_BYTES_MAX);
    }
    for (int i = read - origin; i < length; i++) {
      final byte b = text[i];
      final int at = origin + i;
      final int kind = CLASSES[b & 0xFF];
      if ((kind & RUN) == 0) {
        endRun(at);
      }
      if (webToken != NEVER && (kind & WEB_TOKEN) == 0) {
        pend(webToken, at + Reach.RIGHT_BYTES_MAX);
        webToken = NEVER;
      }
      if ((kind & INVISIBLE) != 0 && hidden == NEVER) {
        hidden = at;
        call(at);
      } else if ((kind & (INVISIBLE | CONTINUED)) == 0) {
        hidden = NEVER;
      }
      if ((kind & TRIGGER) != 0
          || (kind & HYPHEN) != 0 && i >= HYPHENS_APART && text[i - HYPHENS_APART] == '-') {
        lastTrigger = at;
        call(lead(at, text, origin));
      }
      state = automaton.step(state, b);
      final int kinds = automaton.kinds(state);
      if (kinds != 0) {
        literal(kinds, at + 1, text, origin);
      }
    }
    read = origin + length;
  }

  /** Goes on at {@code at}; nothing that begins before can still be under way in the end. */
  private void skip(final int at) {
    final int call = Math.min(firstCall, read);
    clear();
    read = at;
    runStart = at;
    firstCall = call;
    lastCall = at;
  }

  /** The offset up to which the text was read. */
  public int end() {
    return read;
  }

  private void endRun(final int at) {
    if (at - runStart >= Base64Runs.CHARACTERS_MIN) {
      call(runStart);
      if (at - runStart <= Base64Runs.CHARACTERS_MAX) {
        pend(runStart, at + Base64Runs.PADDING_BYTES_MAX + 1);
      }
    }
    runStart = at + 1;
  }

  private void literal(final int kinds, final int end, final byte[] text, final int origin) {
    final int start = end - automaton.length(state);
    if ((kinds & LiteralAutomaton.LITERAL) != 0) {
      final int from = lead(start, text, origin);
      call(from);
      pend(from, end + Reach.SPAN_BYTES_MAX + Reach.RIGHT_BYTES_MAX);
    }
    if ((kinds & LiteralAutomaton.PEM_BEGIN) != 0) {
      pemBegin = start;
    }
    if ((kinds & LiteralAutomaton.PEM_KEY) != 0 && end - pemBegin <= PEM_LABEL_BYTES_MAX) {
      pemFrom = pemUntil > end ? pemFrom : pemBegin;
      pemUntil = pemBegin + Reach.OPEN_SPAN_BYTES_MAX + Reach.RIGHT_BYTES_MAX;
    }
    if ((kinds & LiteralAutomaton.PEM_END) != 0) {
      pemUntil = Math.min(pemUntil, end + PEM_LABEL_BYTES_MAX + Reach.RIGHT_BYTES_MAX);
    }
    if ((kinds & LiteralAutomaton.WEB_TOKEN) != 0 && webToken == NEVER) {
      webToken = start;
    }
  }

  private void call(final int at) {
    firstCall = Math.min(firstCall, at);
    lastCall = Math.max(lastCall, at);
  }

  private void pend(final int from, final int until) {
    final int last = pending - 1;
    if (last >= 0 && (until <= pendingUntilMax[last] || pending == PENDING_MAX)) {
      pendingFrom[last] = Math.min(pendingFrom[last], from);
      pendingUntil[last] = Math.max(pendingUntil[last], until);
    } else {
      reservePending(pending + 1);
      pendingFrom[pending] = from;
      pendingUntilMax[pending] = until + PENDING_STEP_BYTES;
      pendingUntil[pending++] = until;
    }
  }

  private void reservePending(final int entries) {
    if (entries > pendingFrom.length) {
      final int room = Math.min(PENDING_MAX, entries + PENDING_INITIAL - 1);
      pendingFrom = Arrays.copyOf(pendingFrom, room);
      pendingUntil = Arrays.copyOf(pendingUntil, room);
      pendingUntilMax = Arrays.copyOf(pendingUntilMax, room);
    }
  }

  /** The first offset that a hit may claim which is not decided yet; for the text read so far. */
  public int floor(final byte[] text, final int origin) {
    int floor = lead(read, text, origin);
    if (read - runStart <= Base64Runs.CHARACTERS_MAX) {
      floor = Math.min(floor, runStart);
    }
    final int front = Math.max(automaton.depth(state), automaton.unseenBytes());
    if (front > 0) {
      floor = Math.min(floor, lead(Math.max(origin, read - front), text, origin));
    }
    if (read - lastTrigger <= Reach.SPAN_BYTES_MAX + Reach.RIGHT_BYTES_MAX) {
      floor = Math.min(floor, numbers(text, origin));
    }
    floor = Math.min(floor, pendingFloor());
    if (pemUntil > read) {
      floor = Math.min(floor, pemFrom);
    }
    if (webToken != NEVER) {
      floor = Math.min(floor, webToken);
    }
    if (hidden != NEVER) {
      floor = Math.min(floor, hidden);
    }
    final int longest = Reach.OPEN_SPAN_BYTES_MAX + Reach.RIGHT_BYTES_MAX + Reach.LEAD_BYTES_MAX;
    return Math.max(floor, Math.max(origin, read - longest));
  }

  private int pendingFloor() {
    int gone = 0;
    while (gone < pending && pendingUntil[gone] <= read) {
      gone++;
    }
    if (gone > 0) {
      pending -= gone;
      System.arraycopy(pendingFrom, gone, pendingFrom, 0, pending);
      System.arraycopy(pendingUntil, gone, pendingUntil, 0, pending);
      System.arraycopy(pendingUntilMax, gone, pendingUntilMax, 0, pending);
    }
    int floor = NONE;
    for (int i = 0; i < pending; i++) {
      floor = Math.min(floor, pendingFrom[i]);
    }
    return floor;
  }

  /** The start of the first word whose digit, {@code @} or {@code :} may still lead to a hit. */
  private int numbers(final byte[] text, final int origin) {
    final int recent = read - Reach.NUMBER_BYTES_MAX - Reach.RIGHT_BYTES_MAX;
    final int oldest = read - Reach.SPAN_BYTES_MAX - Reach.RIGHT_BYTES_MAX;
    int word = Math.max(origin, read - Reach.RIGHT_BYTES_MAX);
    final int least = Math.max(origin, oldest);
    word = wordStart(word, least, text, origin);
    int at = Math.max(least, Math.min(word, recent));
    while (at < read && is(text[at - origin], TRIGGER | HYPHEN) == 0) {
      at++;
    }
    return lead(at, text, origin);
  }

  /** The earliest start of a hit that the byte at {@code at} may lead to. */
  private static int lead(final int at, final byte[] text, final int origin) {
    final int least = Math.max(origin, at - Reach.LEAD_BYTES_MAX);
    final int word = wordStart(at, least, text, origin);
    return word > least ? wordStart(word - 1, least, text, origin) : word;
  }

  private static int wordStart(final int at, final int least, final byte[] text, final int origin) {
    int start = at;
    while (start > least && is(text[start - 1 - origin], SPACE) == 0) {
      start--;
    }
    return start;
  }

  private static int is(final byte b, final int kind) {
    return CLASSES[b & 0xFF] & kind;
  }

  /** Whether the text before {@code floor} has to be scanned for hits. */
  public boolean callsForScan(final int floor) {
    return firstCall < floor || automaton.unseenBytes() > 0;
  }

  /** What lies before {@code floor} was scanned, or needs no scan. */
  public void scanned(final int floor) {
    firstCall = lastCall >= floor ? Math.max(firstCall, floor) : NONE;
  }
}
