package io.sealgate.policy.cel;

import java.math.BigInteger;

/**
 * An unsigned 64-bit integer.
 *
 * @param bits the value, to be read as unsigned
 */
record Uint(long bits) implements Comparable<Uint> {
  @Override
  public int compareTo(Uint other) {
    return Long.compareUnsigned(bits, other.bits);
  }

  /** Null if the text is no uint. */
  static Uint parse(String text) {
    if (!text.matches("[0-9]+")) {
      return null;
    }
    try {
      return new Uint(Long.parseUnsignedLong(text));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  double toDouble() {
    return bits >= 0 ? bits : new BigInteger(toString()).doubleValue();
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(bits);
  }
}
