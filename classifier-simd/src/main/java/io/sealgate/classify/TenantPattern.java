package io.sealgate.classify;

import java.util.Objects;

/**
 * A tenant's own keyword or pattern.
 *
 * <p>A keyword is found literally. Where it begins or ends with a word character (a letter, mark,
 * digit or underscore of Unicode), the neighbouring character of the text must not be one; scripts
 * written without spaces, such as Han or Thai, have no such edges. Without {@code caseSensitive},
 * an ASCII keyword ignores the case of ASCII letters only and any other keyword follows Unicode's
 * simple case folding.
 *
 * <p>A regular expression has Hyperscan's syntax over code points (flags {@code UTF8} and {@code
 * SOM_LEFTMOST}, plus {@code CASELESS} unless {@code caseSensitive}): no look-around and no
 * back-references, no repeat bounded by more than 1,000; {@code \w}, {@code \d} and {@code \b} are
 * ASCII; {@code .} does not match a line feed unless the expression says {@code (?s)}; {@code ^}
 * and {@code $} are the edges of a segment. An expression that can match the empty text is refused.
 *
 * <p>Findings of one pattern do not overlap: the leftmost, then the longest match wins, and bytes
 * which only a losing match holds are added to the winner before them, so that redaction misses no
 * matched byte. No match spans two segments.
 *
 * @param name for messages and records, unique by the caller's own rules
 * @param expression the keyword or the regular expression
 * @param regex whether {@code expression} is a regular expression
 * @param caseSensitive whether letters must have the case written
 */
public record TenantPattern(String name, String expression, boolean regex, boolean caseSensitive) {
  /** Patterns in one {@link Classifier}. */
  public static final int PATTERNS_MAX = 10_000;

  /** UTF-8 bytes of one expression. */
  public static final int EXPRESSION_BYTES_MAX = 8_192;

  public TenantPattern {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(expression, "expression");
  }
}
