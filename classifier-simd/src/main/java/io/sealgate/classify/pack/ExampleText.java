package io.sealgate.classify.pack;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Examples of a pack in full. {@code {CLASS:n}} stands for n characters of a class, always the same
 * ones for the same example: DIGIT, UPPER, LOWER, ALPHA, ALNUM, UPPERNUM, BASE32, HEX, BASE64 and
 * BASE64URL. {@code {check:NAME}} stands for the checksum that the named function makes of the text
 * before it, and {@code {u:XXXX}} for a code point. So no file has to hold what looks like a
 * secret.
 */
public final class ExampleText {
  private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String DIGIT = "0123456789";
  private static final Map<String, String> CLASSES =
      Map.of(
          "DIGIT", DIGIT,
          "UPPER", UPPER,
          "LOWER", LOWER,
          "ALPHA", UPPER + LOWER,
          "ALNUM", UPPER + LOWER + DIGIT,
          "UPPERNUM", UPPER + DIGIT,
          "BASE32", UPPER + "234567",
          "HEX", DIGIT + "abcdef",
          "BASE64", UPPER + LOWER + DIGIT + "+/",
          "BASE64URL", UPPER + LOWER + DIGIT + "-_");

  private static final Pattern BRACES = Pattern.compile("\\{([A-Z0-9]+|check|u):([A-Za-z0-9-]+)}");

  private final Map<String, UnaryOperator<String>> checks;

  /**
   * @param checks what {@code {check:NAME}} appends, by name
   */
  public ExampleText(final Map<String, UnaryOperator<String>> checks) {
    this.checks = new HashMap<>(checks);
  }

  /**
   * Fills the braces; others stay as they are.
   *
   * @throws IllegalArgumentException for a check that is not known
   */
  public String expand(final String example) {
    final Random random = new Random(example.hashCode());
    final StringBuilder out = new StringBuilder();
    final Matcher braces = BRACES.matcher(example);
    int copied = 0;
    while (braces.find()) {
      out.append(example, copied, braces.start());
      copied = braces.end();
      final String name = braces.group(1);
      final String argument = braces.group(2);
      if (name.equals("check")) {
        final UnaryOperator<String> check = checks.get(argument);
        if (check == null) {
          throw new IllegalArgumentException("unknown check " + argument + " in an example");
        }
        out.append(check.apply(out.toString()));
      } else if (name.equals("u")) {
        out.appendCodePoint(Integer.parseInt(argument, 16));
      } else if (CLASSES.containsKey(name)) {
        final String alphabet = CLASSES.get(name);
        for (int i = Integer.parseInt(argument); i > 0; i--) {
          out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
      } else {
        out.append(braces.group());
      }
    }
    return out.append(example, copied, example.length()).toString();
  }
}
