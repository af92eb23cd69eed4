package io.sealgate.policy.json;

/** Quotes texts for JSON that people and programs read; {@link CanonicalJson} is for digests. */
public final class JsonText {
  private static final String HEX = "0123456789abcdef";

  private JsonText() {}

  /**
   * Appends {@code text} as a JSON string (RFC 8259, section 7). Control characters and what UTF-8
   * cannot carry, a surrogate without its other half, are escaped.
   */
  public static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      final char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || c == 0x7f || isLone(text, i)) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(HEX.charAt((c >> shift) & 0xf));
        }
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  /** Whether the character at {@code i} is a surrogate without its other half. */
  static boolean isLone(CharSequence text, int i) {
    final char c = text.charAt(i);
    return Character.isHighSurrogate(c)
        ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
        : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
