package io.sealgate.classify.find;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.pack.Rule;

/**
 * URLs (RFC 3986) of the web: a scheme of the common ones or "www.", a host with a top-level label
 * of letters, an IP address or "localhost", and all that may follow in ASCII. Full stops, commas
 * and closing brackets without an opening one at the end belong to the sentence. Longer ones are
 * cut at {@link Reach#SPAN_BYTES_MAX}.
 *
 * <p>A URL is weak evidence: whatever else is found inside of it is reported instead.
 */
final class Urls {
  private static final String[] SCHEMES = {"http", "https", "ftp", "ftps", "sftp", "ws", "wss"};
  private static final int SCHEME_BYTES_MAX = 5;
  private static final int HOST_BYTES_MAX = 253;

  /** Past the host's start; bounds what is read beyond a finding. */
  private static final int USER_BYTES_MAX = 60;

  private static final int PORT_DIGITS_MAX = 5;
  private static final String LOCAL = "localhost";

  private Urls() {}

  /** Looks for a URL whose scheme ends at {@code colon}. */
  static void find(
      final byte[] text, final int length, final int colon, final Rule rule, final Hits out) {
    if (Ascii.at(text, colon + 1, length) != '/' || Ascii.at(text, colon + 2, length) != '/') {
      return;
    }
    int start = colon;
    while (colon - start <= SCHEME_BYTES_MAX && Ascii.letter(Ascii.at(text, start - 1, length))) {
      start--;
    }
    if (!scheme(text, start, colon)) {
      return;
    }
    int host = colon + 3;
    final int user = userEnd(text, length, host);
    host = user < 0 ? host : user;
    emit(text, length, start, hostEnd(text, length, host, false), rule, out);
  }

  /** Looks for an address that begins with "www." at {@code start}. */
  static void findBare(
      final byte[] text, final int length, final int start, final Rule rule, final Hits out) {
    final int before = Ascii.at(text, start - 1, length);
    if (!Ascii.alnum(before) && before != '.' && before != '/' && before != '-') {
      emit(text, length, start, hostEnd(text, length, start, true), rule, out);
    }
  }

  private static void emit(
      final byte[] text,
      final int length,
      final int start,
      final int hostEnd,
      final Rule rule,
      final Hits out) {
    if (hostEnd >= 0) {
      final int end = rest(text, length, start, hostEnd);
      out.add(rule.type(), start, end, rule.scoreMicros(), Evidence.PATTERN);
    }
  }

  private static boolean scheme(final byte[] text, final int start, final int colon) {
    for (final String scheme : SCHEMES) {
      int same = 0;
      while (same < scheme.length()
          && start + same < colon
          && (text[start + same] | 0x20) == scheme.charAt(same)) {
        same++;
      }
      if (same == scheme.length() && start + same == colon) {
        return true;
      }
    }
    return false;
  }

  /** Where the host begins after "user:password@", or -1 when there is none. */
  private static int userEnd(final byte[] text, final int length, final int start) {
    for (int at = start; at - start < USER_BYTES_MAX; at++) {
      final int c = Ascii.at(text, at, length);
      if (c == '@') {
        return at + 1;
      }
      if (!urlByte(c) || c == '/' || c == '?' || c == '#') {
        return -1;
      }
    }
    return -1;
  }

  /** The end of a host and its port, or -1. */
  private static int hostEnd(
      final byte[] text, final int length, final int start, final boolean threeLabels) {
    if (Ascii.at(text, start, length) == '[') {
      int at = start + 1;
      while (at - start < 48
          && (Ascii.hex(Ascii.at(text, at, length)) || text[at] == ':' || text[at] == '.')) {
        at++;
      }
      return Ascii.at(text, at, length) == ']' && at > start + 2
          ? portEnd(text, length, at + 1)
          : -1;
    }
    int at = start;
    int label = start;
    int labels = 0;
    boolean numeric = true;
    while (at - start <= HOST_BYTES_MAX) {
      final int c = Ascii.at(text, at, length);
      if (Ascii.alnum(c) || c == '_' || c == '-' && at > label || c >= 0x80) {
        numeric &= Ascii.digit(c);
        at++;
      } else if (c == '.' && at > label && hostByte(Ascii.at(text, at + 1, length))) {
        labels++;
        label = ++at;
      } else {
        break;
      }
    }
    if (at == label || at - start > HOST_BYTES_MAX) {
      return -1;
    }
    final boolean local = labels == 0 && at - start == LOCAL.length() && local(text, start);
    final boolean named = labels >= (threeLabels ? 2 : 1) && topLevel(text, label, at);
    final boolean address = labels == 3 && numeric;
    return local || named || address ? portEnd(text, length, at) : -1;
  }

  private static boolean hostByte(final int c) {
    return Ascii.alnum(c) || c == '_' || c >= 0x80;
  }

  private static boolean local(final byte[] text, final int start) {
    for (int i = 0; i < LOCAL.length(); i++) {
      if ((text[start + i] | 0x20) != LOCAL.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Two letters or more, or "xn--" and more, or another script. */
  private static boolean topLevel(final byte[] text, final int start, final int end) {
    for (int i = start; i < end; i++) {
      final boolean punycode = i > start + 3 && text[start + 2] == '-' && text[start + 3] == '-';
      if (text[i] >= 0 && !Ascii.letter(text[i]) && !punycode && text[i] != '-') {
        return false;
      }
    }
    return end - start >= 2 && text[end - 1] != '-';
  }

  private static int portEnd(final byte[] text, final int length, final int end) {
    if (Ascii.at(text, end, length) != ':') {
      return end;
    }
    final int digits = Ascii.digits(text, end + 1, length, PORT_DIGITS_MAX);
    return digits == 0 ? end : end + 1 + digits;
  }

  private static int rest(final byte[] text, final int length, final int start, final int hostEnd) {
    final int first = Ascii.at(text, hostEnd, length);
    if (first != '/' && first != '?' && first != '#') {
      return hostEnd;
    }
    int at = hostEnd;
    int open = 0;
    while (at - start < Reach.SPAN_BYTES_MAX) {
      final int c = Ascii.at(text, at, length);
      if (!urlByte(c) || c == ')' && open == 0) {
        break;
      }
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      at++;
    }
    while (at > hostEnd && ".,;:!?'".indexOf(text[at - 1]) >= 0) {
      at--;
    }
    return at;
  }

  /** What RFC 3986 allows, without the brackets and quotes that delimit URLs in prose and code. */
  private static boolean urlByte(final int c) {
    return Ascii.alnum(c) || c > ' ' && c < 0x7F && "\"<>\\^`{|}[]".indexOf(c) < 0;
  }
}
