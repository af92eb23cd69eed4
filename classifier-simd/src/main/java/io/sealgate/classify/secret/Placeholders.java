package io.sealgate.classify.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Values that stand where a secret will stand, and code that fetches one. */
final class Placeholders {
  /** In lower case; a value that is one of these is none. */
  private static final byte[][] WHOLE =
      bytes(
          "password",
          "passwd",
          "pass",
          "pwd",
          "secret",
          "token",
          "null",
          "none",
          "nil",
          "true",
          "false",
          "undefined",
          "string",
          "redacted",
          "hidden",
          "masked",
          "removed",
          "changeme",
          "username",
          "user",
          "value",
          "todo",
          "tbd",
          "test",
          "empty");

  /** In lower case; a value that holds one of these is none. */
  private static final byte[][] INSIDE =
      bytes(
          "example",
          "placeholder",
          "your-",
          "your_",
          "yourpass",
          "yoursecret",
          "yourtoken",
          "yourkey",
          "yourapi",
          "my-secret",
          "my_secret",
          "mysecret",
          "my-password",
          "my_password",
          "mypassword",
          "xxxx",
          "****",
          "....",
          "____",
          "----",
          "process.env",
          "environ",
          "getenv",
          "changeme",
          "change-me",
          "change_me",
          "insert-",
          "insert_",
          "dummy",
          "sample",
          "redacted",
          "1234567890",
          "abcdefgh",
          "lorem",
          "password123",
          "%(",
          "{{",
          "${",
          "$(",
          "<",
          ">",
          "[",
          "vault:",
          "secretsmanager",
          "keyvault",
          "ssm:",
          "arn:aws");

  private Placeholders() {}

  private static byte[][] bytes(final String... texts) {
    final var all = new byte[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      all[i] = texts[i].getBytes(US_ASCII);
    }
    return all;
  }

  /** Whether {@code text[from, to)} stands for a value instead of being one. */
  static boolean is(final byte[] text, final int from, final int to) {
    if (from >= to || text[from] == '$' || text[from] == '{' || text[from] == '%') {
      return true;
    }
    for (final byte[] word : WHOLE) {
      if (to - from == word.length && startsWith(text, from, to, word)) {
        return true;
      }
    }
    for (final byte[] word : INSIDE) {
      for (int p = from; p <= to - word.length; p++) {
        if (startsWith(text, p, to, word)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the lower-case {@code word} stands at {@code at} in letters of any case. */
  static boolean startsWith(final byte[] text, final int at, final int limit, final byte[] word) {
    if (at < 0 || limit - at < word.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      final byte b = text[at + i];
      if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != word[i]) {
        return false;
      }
    }
    return true;
  }
}
