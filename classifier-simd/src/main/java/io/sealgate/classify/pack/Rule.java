package io.sealgate.classify.pack;

import java.util.List;
import java.util.Map;

/**
 * One rule of a pack.
 *
 * @param id unique in its pack
 * @param type one of {@code FindingTypes}
 * @param title what it finds, for people
 * @param finder how candidates are found
 * @param how the keys of the finder with their values, in the order of the finder's keys
 * @param context words that name the type, in lower case
 * @param contextRequired whether a candidate counts only with a context word near it
 * @param scoreMicros confidence in millionths without a context word
 * @param scoreWithContextMicros confidence in millionths with one
 * @param examples texts that must and must not match
 * @param line where the rule stands in its file, counted from 1
 */
public record Rule(
    String id,
    int type,
    String title,
    Finder finder,
    Map<String, List<String>> how,
    List<String> context,
    boolean contextRequired,
    int scoreMicros,
    int scoreWithContextMicros,
    Examples examples,
    int line) {

  /**
   * Texts that run as tests. A finding has to cover the part between {@code <<} and {@code >>} of a
   * matching text, or exactly the whole text where it has no such marks; none of the rule's type at
   * or above the default score may be in the others. {@link ExampleText} says what may stand in
   * braces.
   */
  public record Examples(List<String> match, List<String> noMatch) {
    public Examples {
      match = List.copyOf(match);
      noMatch = List.copyOf(noMatch);
    }
  }

  /** The values of a key; empty when the rule does not have it. */
  public List<String> values(final String key) {
    return how.getOrDefault(key, List.of());
  }

  /** The first value of a key; empty when the rule does not have it. */
  public String value(final String key) {
    final List<String> values = values(key);
    return values.isEmpty() ? "" : values.getFirst();
  }

  /** Whether a key is {@code true}. */
  public boolean flag(final String key) {
    return value(key).equals("true");
  }
}
