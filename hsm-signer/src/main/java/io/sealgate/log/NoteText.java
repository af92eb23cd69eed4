package io.sealgate.log;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** The strict rules that notes, checkpoints and keys share. */
final class NoteText {
  private NoteText() {}

  static String utf8(byte[] bytes) throws NoteException {
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
