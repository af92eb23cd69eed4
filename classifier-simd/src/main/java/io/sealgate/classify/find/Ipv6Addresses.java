package io.sealgate.classify.find;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;

/**
 * IPv6 addresses in the forms of RFC 4291 section 2.2: eight groups, {@code ::} once, and an IPv4
 * tail. A prefix length ("/64") is part of the finding, a zone ("%eth0") or bracket is not.
 *
 * <p>Much else is made of colons, so syntax is not enough. Without {@code ::} all eight groups are
 * needed, which leaves out times and 48-bit MAC addresses, and not all of them may have two digits,
 * which leaves out 64-bit ones. With {@code ::} there must be an IPv4 tail, or a decimal digit
 * somewhere together with a group of three digits or more or with three groups; {@code ::1} is the
 * one exception. So {@code a::b}, {@code std::dead::beef}, {@code [1::2]} and a bare {@code ::} are
 * none. The address begins where the colons begin, or after one colon that ends a word which is no
 * group ("ip:2001:db8::1").
 */
public final class Ipv6Addresses {
  private static final int GROUPS = 8;
  private static final int BITS = 128;
  private static final int GROUP_DIGITS_MAX = 4;
  private static final int TELLING_GROUP_DIGITS = 3;
  private static final int TELLING_GROUPS = 3;

  private Ipv6Addresses() {}

  /** Looks for an address whose first colon is at {@code colon}. */
  public static void find(
      final byte[] text, final int length, final int colon, final Rule rule, final Hits out) {
    final int start = start(text, length, colon);
    if (start < 0) {
      return;
    }
    final int end = match(text, length, start);
    if (end >= 0) {
      final int whole = PrefixLengths.end(text, length, start, end, BITS);
      out.add(rule.type(), start, whole, rule.scoreMicros(), Evidence.FORMAT);
    }
  }

  /** Where an address with its first colon here starts, or -1 when this cannot be its first. */
  private static int start(final byte[] text, final int length, final int colon) {
    final int start = groupBefore(text, length, colon);
    if (start < 0) {
      return -1;
    }
    final int before = Ascii.at(text, start - 1, length);
    if (start == colon) {
      final boolean bound =
          Ascii.alnum(before) || before == ':' || before == '_' || before == '>' || before == '.';
      return bound || Ascii.at(text, colon + 1, length) != ':' ? -1 : start;
    }
    if (before != ':') {
      return Ascii.alnum(before) || before == '_' || before == '.' ? -1 : start;
    }
    // One more colon before the group: the address began there, unless that one ends a word.
    final int wordEnd = start - 1;
    if (Ascii.at(text, wordEnd - 1, length) == ':') {
      return -1;
    }
    final int word = groupBefore(text, length, wordEnd);
    final boolean isGroup =
        word >= 0 && word < wordEnd && !Ascii.alnum(Ascii.at(text, word - 1, length));
    return isGroup ? -1 : start;
  }

  /** Where the hexadecimal digits before {@code colon} start, or -1 for more than a group's. */
  private static int groupBefore(final byte[] text, final int length, final int colon) {
    int start = colon;
    while (Ascii.hex(Ascii.at(text, start - 1, length))) {
      if (colon - --start > GROUP_DIGITS_MAX) {
        return -1;
      }
    }
    return start;
  }

  private static int match(final byte[] text, final int length, final int start) {
    int at = start;
    int groups = 0;
    boolean elided = false;
    boolean decimal = false;
    boolean pairs = true;
    boolean telling = false;
    if (Ascii.at(text, at, length) == ':') {
      elided = true;
      at += 2;
    }
    while (groups < GROUPS) {
      int digits = 0;
      while (digits <= GROUP_DIGITS_MAX && Ascii.hex(Ascii.at(text, at + digits, length))) {
        decimal |= Ascii.digit(text[at + digits++]);
      }
      if (digits > GROUP_DIGITS_MAX) {
        return -1;
      }
      final int next = Ascii.at(text, at + digits, length);
      if (next == '.' && Ascii.digit(Ascii.at(text, at + digits + 1, length))) {
        final int end = Ipv4Addresses.match(text, length, at);
        return (elided ? groups < GROUPS - 2 : groups == GROUPS - 2) ? end : -1;
      }
      if (digits == 0) {
        break;
      }
      groups++;
      pairs &= digits == 2;
      telling |= digits >= TELLING_GROUP_DIGITS;
      at += digits;
      if (next != ':') {
        break;
      }
      final int afterColon = Ascii.at(text, at + 1, length);
      if (afterColon == ':') {
        if (elided) {
          return -1;
        }
        elided = true;
        at += 2;
      } else if (Ascii.hex(afterColon)) {
        if (groups == GROUPS) {
          return -1;
        }
        at++;
      } else {
        break;
      }
    }
    if (continues(text, length, at)) {
      return -1;
    }
    if (!elided) {
      return groups == GROUPS && !pairs ? at : -1;
    }
    final boolean loopback = groups == 1 && at - start == 3 && text[at - 1] == '1';
    final boolean plain =
        groups > 0 && groups < GROUPS && decimal && (telling || groups >= TELLING_GROUPS);
    return plain || loopback && text[start] == ':' ? at : -1;
  }

  /** Whether what follows makes this a part of something longer. */
  private static boolean continues(final byte[] text, final int length, final int at) {
    final int next = Ascii.at(text, at, length);
    final int second = Ascii.at(text, at + 1, length);
    return Ascii.alnum(next)
        || next == '_'
        || next == ':' && (second == ':' || Ascii.hex(second))
        || next == ':' && at > 0 && text[at - 1] == ':';
  }
}
