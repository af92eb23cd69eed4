package io.sealgate.log;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** The strict rules that notes, checkpoints and keys share. */
final class NoteText {
  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,18}");

  private NoteText() {}

  private static final char REPLACEMENT = '\uFFFD';

  static String utf8(byte[] bytes) throws NoteException {
    // The platform's fast way puts U+FFFD where input is malformed; only then is it looked at
    // again.
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) < 0) {
      return text;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new NoteException("not valid UTF-8", e);
    }
  }

  /** Standard base64 with padding and zero trailing bits: exactly one text for each value. */
  static byte[] base64(String text) throws NoteException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new NoteException("not valid base64", e);
    }
    if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw new NoteException("base64 is not in its canonical form");
    }
    return bytes;
  }

  /** A decimal number below 2^63 without leading zeros. */
  static long decimal(String text, String what) throws NoteException {
    if (!DECIMAL.matcher(text).matches()) {
      throw new NoteException(what + " is a decimal number without leading zeros");
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new NoteException(what + " is below 2^63", e);
    }
  }

  /** One hash a line. */
  static List<byte[]> hashes(List<String> lines, int most) throws NoteException {
    if (lines.size() > most) {
      throw new NoteException("more than " + most + " hashes");
    }
    List<byte[]> hashes = new ArrayList<>(lines.size());
    for (String line : lines) {
      byte[] hash = base64(line);
      if (hash.length != Merkle.HASH_BYTES) {
        throw new NoteException("a hash has " + Merkle.HASH_BYTES + " bytes");
      }
      hashes.add(hash);
    }
    return hashes;
  }

  static boolean isKeyName(String name) {
    return !name.isEmpty()
        && name.indexOf('+') < 0
        && name.codePoints().noneMatch(NoteText::isSpaceOrControl);
  }

  private static boolean isSpaceOrControl(int codePoint) {
    return Character.isWhitespace(codePoint)
        || Character.isSpaceChar(codePoint)
        || codePoint == 0x85
        || codePoint < 0x20;
  }

  static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }
}
