package io.sealgate.policy.cel;

import java.util.Arrays;

/** A byte sequence. Immutable: whoever makes one gives its array away. */
final class Bytes implements Comparable<Bytes> {
  private final byte[] array;

  Bytes(byte[] array) {
    this.array = array;
  }

  /** Not to be changed. */
  byte[] array() {
    return array;
  }

  Bytes plus(Bytes other) {
    final byte[] sum = Arrays.copyOf(array, array.length + other.array.length);
    System.arraycopy(other.array, 0, sum, array.length, other.array.length);
    return new Bytes(sum);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }
}
