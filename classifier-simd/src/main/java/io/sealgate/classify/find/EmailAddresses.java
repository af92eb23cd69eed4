package io.sealgate.classify.find;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;

/**
 * E-mail addresses: a local part of up to 64 bytes in the common subset of RFC 5321's dot-atom
 * (letters, digits, {@code . _ % + - ~}; the rest of the RFC's symbols delimit addresses in URLs,
 * code and prose far more often than they belong to one), and a domain of at least two labels.
 *
 * <p>The last label is two ASCII letters or more, an {@code xn--} label, or wholly non-ASCII.
 * Non-ASCII letters (RFC 6531) count on both sides, but not the blocks of punctuation, symbols,
 * full-width forms and emoji. Names of image files ("icon@2x.png") are no addresses.
 */
public final class EmailAddresses {
  private static final int LOCAL_BYTES_MAX = 64;
  private static final int DOMAIN_BYTES_MAX = 253;
  private static final int LABEL_BYTES_MAX = 63;
  private static final String[] IMAGE_SUFFIXES = {"png", "jpg", "jpeg", "gif", "webp", "svg"};

  private EmailAddresses() {}

  /** Looks for an address around the {@code '@'} at {@code sign}. */
  public static void find(
      final byte[] text, final int length, final int sign, final Rule rule, final Hits out) {
    final int start = localStart(text, length, sign);
    if (start < 0) {
      return;
    }
    final int end = domainEnd(text, length, sign + 1);
    if (end >= 0) {
      out.add(rule.type(), start, end, rule.scoreMicros(), Evidence.FORMAT);
    }
  }

  private static int localStart(final byte[] text, final int length, final int sign) {
    if (Ascii.at(text, sign - 1, length) == '.') {
      return -1;
    }
    int start = sign;
    int asciiStart = -1;
    while (start > 0) {
      final int c = text[start - 1] & 0xFF;
      if (c >= 0x80) {
        final int letter = letterBefore(text, start);
        if (letter < 0) {
          break;
        }
        asciiStart = asciiStart < 0 ? start : asciiStart;
        start = letter;
      } else if (localByte(c) && !(c == '.' && text[start] == '.')) {
        start--;
      } else {
        break;
      }
      if (sign - start > LOCAL_BYTES_MAX) {
        // Scripts without spaces run on from the sentence into the address.
        start = asciiStart;
        break;
      }
    }
    while (start >= 0 && start < sign && delimiter(text[start])) {
      start++;
    }
    return start == sign ? -1 : start;
  }

  /** Bytes that may stand in a local part but, at its head, belong to what comes before. */
  private static boolean delimiter(final int c) {
    return c == '.' || c == '-' || c == '+' || c == '%' || c == '~';
  }

  private static boolean localByte(final int c) {
    return Ascii.alnum(c) || c == '_' || delimiter(c);
  }

  /** The start of the non-ASCII letter that ends before {@code end}, or -1 when it is none. */
  private static int letterBefore(final byte[] text, final int end) {
    int lead = end - 1;
    while (lead > 0 && end - lead < 4 && (text[lead] & 0xC0) == 0x80) {
      lead--;
    }
    return letterLength(text, lead, end) == end - lead ? lead : -1;
  }

  /** Bytes of the non-ASCII letter at {@code i}, or 0 when it is none. */
  private static int letterLength(final byte[] text, final int i, final int length) {
    final int lead = Ascii.at(text, i, length);
    final int second = Ascii.at(text, i + 1, length);
    final int bytes;
    if (lead >= 0xC3 && lead < 0xE0) {
      bytes = 2;
    } else if (lead >= 0xE0 && lead < 0xEF && lead != 0xE2 && !(lead == 0xE3 && second == 0x80)) {
      bytes = 3;
    } else if (lead == 0xF0 && second != 0x9F) {
      bytes = 4;
    } else {
      return 0;
    }
    for (int k = 1; k < bytes; k++) {
      if ((Ascii.at(text, i + k, length) & 0xC0) != 0x80) {
        return 0;
      }
    }
    return bytes;
  }

  /** The end of the longest domain from {@code start} on, or -1. */
  private static int domainEnd(final byte[] text, final int length, final int start) {
    int best = -1;
    int label = start;
    while (true) {
      final int end = labelEnd(text, length, label);
      if (end < 0 || end - start > DOMAIN_BYTES_MAX) {
        return best;
      }
      if (label > start) {
        final int top = topLevelEnd(text, length, label, end);
        best = top < 0 ? best : top;
      }
      final boolean more = text[end - 1] != '-' && Ascii.at(text, end, length) == '.';
      if (!more) {
        return best;
      }
      label = end + 1;
    }
  }

  private static int labelEnd(final byte[] text, final int length, final int label) {
    int at = label;
    while (at - label <= LABEL_BYTES_MAX) {
      final int c = Ascii.at(text, at, length);
      final int letter = c < 0x80 ? 0 : letterLength(text, at, length);
      if (letter > 0) {
        at += letter;
      } else if (Ascii.alnum(c) || c == '-' && at > label) {
        at++;
      } else {
        return at > label ? at : -1;
      }
    }
    return asciiTopLevelEnd(text, label, at);
  }

  /** A label too long only because a script without spaces runs on ends with its ASCII head. */
  private static int asciiTopLevelEnd(final byte[] text, final int label, final int end) {
    final int letters = asciiLetters(text, label, end);
    return letters >= 2 && label + letters < end && text[label + letters] < 0
        ? label + letters
        : -1;
  }

  private static int topLevelEnd(
      final byte[] text, final int length, final int label, final int end) {
    final int letters = asciiLetters(text, label, end);
    if (letters == 2 && punycode(text, label, end)) {
      return end;
    }
    if (letters >= 2) {
      final int next = Ascii.at(text, label + letters, length);
      return Ascii.digit(next) || imageSuffix(text, label, letters) ? -1 : label + letters;
    }
    for (int i = label; i < end; i++) {
      if (text[i] >= 0) {
        return -1;
      }
    }
    return end;
  }

  private static int asciiLetters(final byte[] text, final int label, final int end) {
    int letters = 0;
    while (label + letters < end && Ascii.letter(text[label + letters])) {
      letters++;
    }
    return letters;
  }

  private static boolean punycode(final byte[] text, final int label, final int end) {
    return end - label > 4
        && (text[label] | 0x20) == 'x'
        && (text[label + 1] | 0x20) == 'n'
        && text[label + 2] == '-'
        && text[label + 3] == '-'
        && text[end - 1] != '-';
  }

  private static boolean imageSuffix(final byte[] text, final int label, final int letters) {
    for (final String suffix : IMAGE_SUFFIXES) {
      int same = 0;
      while (same < letters
          && same < suffix.length()
          && (text[label + same] | 0x20) == suffix.charAt(same)) {
        same++;
      }
      if (same == letters && same == suffix.length()) {
        return true;
      }
    }
    return false;
  }
}
