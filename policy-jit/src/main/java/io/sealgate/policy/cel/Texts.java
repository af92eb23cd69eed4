package io.sealgate.policy.cel;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Functions of texts. Every index and length counts code points. */
public final class Texts {
  private Texts() {}

  /** Length of a text, for generated code. */
  public static long codePoints(String text) {
    return text.codePointCount(0, text.length());
  }

  /** {@code text.startsWith(part)}. */
  public static Object startsWith(Object text, Object part) {
    return text instanceof String t && part instanceof String p
        ? (Object) t.startsWith(p)
        : CelError.noOverload("startsWith", text, part);
  }

  /** {@code text.endsWith(part)}. */
  public static Object endsWith(Object text, Object part) {
    return text instanceof String t && part instanceof String p
        ? (Object) t.endsWith(p)
        : CelError.noOverload("endsWith", text, part);
  }

  /** {@code text.contains(part)}. */
  public static Object contains(Object text, Object part) {
    return text instanceof String t && part instanceof String p
        ? (Object) t.contains(p)
        : CelError.noOverload("contains", text, part);
  }

  /** A search, as CEL's matches() is one. RE2 keeps state for each search, so this allocates. */
  public static boolean matches(Pattern pattern, String text) {
    return pattern.matcher(text).find();
  }

  /** {@code text.matches(regex)} with a regex that only the running program knows. */
  public static Object matches(Object text, Object regex) {
    if (!(text instanceof String t) || !(regex instanceof String r)) {
      return CelError.noOverload("matches", text, regex);
    }
    try {
      final Pattern pattern = Pattern.compile(r);
      return pattern.programSize() > Limits.REGEX_PROGRAM_MAX
          ? new CelError("a regex is too large")
          : (Object) matches(pattern, t);
    } catch (PatternSyntaxException e) {
      return new CelError("a regex is not RE2 syntax");
    }
  }

  /** {@code text.charAt(index)}: empty at the end. */
  public static Object charAt(Object text, Object index) {
    if (!(text instanceof String t) || !(index instanceof Long i)) {
      return CelError.noOverload("charAt", text, index);
    }
    final int[] points = t.codePoints().toArray();
    return i < 0 || i > points.length
        ? outOfRange("charAt")
        : i == points.length ? "" : Character.toString(points[i.intValue()]);
  }

  /** {@code text.indexOf(part)}. */
  public static Object indexOf(Object text, Object part) {
    return indexOf(text, part, 0L);
  }

  /** {@code text.indexOf(part, from)}. */
  public static Object indexOf(Object text, Object part, Object from) {
    if (!(text instanceof String t) || !(part instanceof String p) || !(from instanceof Long f)) {
      return CelError.noOverload("indexOf", text, part, from);
    }
    if (f < 0 || f > codePoints(t)) {
      return outOfRange("indexOf");
    }
    final int found = t.indexOf(p, t.offsetByCodePoints(0, f.intValue()));
    return found < 0 ? -1L : (long) t.codePointCount(0, found);
  }

  /** {@code text.lastIndexOf(part)}. */
  public static Object lastIndexOf(Object text, Object part) {
    return text instanceof String t
        ? lastIndexOf(text, part, codePoints(t))
        : CelError.noOverload("lastIndexOf", text, part);
  }

  /** {@code text.lastIndexOf(part, from)}: at or before an index. */
  public static Object lastIndexOf(Object text, Object part, Object from) {
    if (!(text instanceof String t) || !(part instanceof String p) || !(from instanceof Long f)) {
      return CelError.noOverload("lastIndexOf", text, part, from);
    }
    if (f < 0 || f > codePoints(t)) {
      return outOfRange("lastIndexOf");
    }
    final int found = t.lastIndexOf(p, t.offsetByCodePoints(0, f.intValue()));
    return found < 0 ? -1L : (long) t.codePointCount(0, found);
  }

  /** {@code list.join()}. */
  public static Object join(Object list) {
    return join(list, "");
  }

  /** {@code list.join(separator)}. */
  public static Object join(Object list, Object separator) {
    if (!(list instanceof List<?> elements) || !(separator instanceof String s)) {
      return CelError.noOverload("join", list, separator);
    }
    final StringBuilder joined = new StringBuilder();
    for (int i = 0; i < elements.size(); i++) {
      if (!(elements.get(i) instanceof String text)) {
        return CelError.noOverload("join", elements.get(i));
      }
      joined.append(i == 0 ? "" : s).append(text);
      if (joined.length() > Limits.SIZE_MAX) {
        return Numbers.tooLarge();
      }
    }
    return joined.toString();
  }

  /** {@code text.lowerAscii()}. */
  public static Object lowerAscii(Object text) {
    return text instanceof String t
        ? mapAscii(t, 'A', 'Z', 'a' - 'A')
        : CelError.noOverload("lowerAscii", text);
  }

  /** {@code text.upperAscii()}. */
  public static Object upperAscii(Object text) {
    return text instanceof String t
        ? mapAscii(t, 'a', 'z', 'A' - 'a')
        : CelError.noOverload("upperAscii", text);
  }

  private static String mapAscii(String text, char from, char to, int shift) {
    final char[] units = text.toCharArray();
    for (int i = 0; i < units.length; i++) {
      if (units[i] >= from && units[i] <= to) {
        units[i] += (char) shift;
      }
    }
    return new String(units);
  }

  /** {@code text.replace(old, replacement)}. */
  public static Object replace(Object text, Object old, Object replacement) {
    return replace(text, old, replacement, -1L);
  }

  /** {@code text.replace(old, replacement, limit)}: all if the limit is negative. */
  public static Object replace(Object text, Object old, Object replacement, Object limit) {
    if (!(text instanceof String t)
        || !(old instanceof String o)
        || !(replacement instanceof String r)
        || !(limit instanceof Long n)) {
      return CelError.noOverload("replace", text, old, replacement, limit);
    }
    final StringBuilder result = new StringBuilder();
    int done = 0;
    int from = 0;
    for (long count = 0; n < 0 || count < n; count++) {
      final int found = t.indexOf(o, from);
      if (found < 0 || (o.isEmpty() && from > t.length())) {
        break;
      }
      result.append(t, done, found).append(r);
      done = found + o.length();
      from = o.isEmpty() ? nextCodePoint(t, found) : done;
      if (result.length() > Limits.SIZE_MAX) {
        return Numbers.tooLarge();
      }
    }
    return result.append(t, Math.min(done, t.length()), t.length()).toString();
  }

  private static int nextCodePoint(String text, int at) {
    return at >= text.length() ? text.length() + 1 : text.offsetByCodePoints(at, 1);
  }

  /** {@code text.split(separator)}. */
  public static Object split(Object text, Object separator) {
    return split(text, separator, -1L);
  }

  /** {@code text.split(separator, limit)}: at most that many parts, all if it is negative. */
  public static Object split(Object text, Object separator, Object limit) {
    if (!(text instanceof String t)
        || !(separator instanceof String s)
        || !(limit instanceof Long n)) {
      return CelError.noOverload("split", text, separator, limit);
    }
    final List<Object> parts = new ArrayList<>();
    if (n == 0) {
      return parts;
    }
    int from = 0;
    while (n < 0 || parts.size() < n - 1) {
      final int found =
          s.isEmpty() ? from < t.length() ? nextCodePoint(t, from) : -1 : t.indexOf(s, from);
      if (found < 0 || (s.isEmpty() && found >= t.length())) {
        break;
      }
      parts.add(t.substring(from, found));
      from = found + s.length();
    }
    if (!s.isEmpty() || from < t.length()) {
      parts.add(t.substring(from));
    }
    return parts;
  }

  /** {@code text.substring(from)}. */
  public static Object substring(Object text, Object from) {
    return text instanceof String t
        ? substring(text, from, codePoints(t))
        : CelError.noOverload("substring", text, from);
  }

  /** {@code text.substring(from, to)}. */
  public static Object substring(Object text, Object from, Object to) {
    if (!(text instanceof String t) || !(from instanceof Long f) || !(to instanceof Long e)) {
      return CelError.noOverload("substring", text, from, to);
    }
    if (f < 0 || e < f || e > codePoints(t)) {
      return outOfRange("substring");
    }
    final int start = t.offsetByCodePoints(0, f.intValue());
    return t.substring(start, t.offsetByCodePoints(start, (int) (e - f)));
  }

  /** {@code text.trim()}: of Unicode's White_Space at both ends. */
  public static Object trim(Object text) {
    if (!(text instanceof String t)) {
      return CelError.noOverload("trim", text);
    }
    int start = 0;
    int end = t.length();
    while (start < end && isWhiteSpace(t.charAt(start))) {
      start++;
    }
    while (end > start && isWhiteSpace(t.charAt(end - 1))) {
      end--;
    }
    return t.substring(start, end);
  }

  private static boolean isWhiteSpace(char c) {
    return (c >= 0x09 && c <= 0x0d) || c == 0x85 || Character.isSpaceChar(c);
  }

  /** A text or a list backwards. */
  public static Object reverse(Object value) {
    return switch (value) {
      case String text -> {
        final int[] points = text.codePoints().toArray();
        final StringBuilder reversed = new StringBuilder(text.length());
        for (int i = points.length - 1; i >= 0; i--) {
          reversed.appendCodePoint(points[i]);
        }
        yield reversed.toString();
      }
      case List<?> list -> new ArrayList<>(list.reversed());
      default -> CelError.noOverload("reverse", value);
    };
  }

  /** {@code strings.quote(text)}. */
  public static Object quote(Object text) {
    if (!(text instanceof String t)) {
      return CelError.noOverload("strings.quote", text);
    }
    final StringBuilder quoted = new StringBuilder("\"");
    t.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case 0x07 -> quoted.append("\\a");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case 0x0b -> quoted.append("\\v");
                case '\\' -> quoted.append("\\\\");
                case '"' -> quoted.append("\\\"");
                default -> quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }

  private static CelError outOfRange(String function) {
    return new CelError(String.format(Locale.ROOT, "%s() of an index out of range", function));
  }
}
