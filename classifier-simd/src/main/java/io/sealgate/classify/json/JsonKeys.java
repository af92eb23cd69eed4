package io.sealgate.classify.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Finds two equal member names in one object, in linear expected time. The hash is keyed by a
 * secret of this process, because callers choose the names and a known hash could be flooded.
 */
public final class JsonKeys {
  /** Below this many members, comparing every pair of hashes is faster than a table. */
  private static final int PAIRWISE_MEMBERS_MAX = 16;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long SEED;
  private static final long MULTIPLIER;

  static {
    final SecureRandom random = new SecureRandom();
    SEED = random.nextLong();
    MULTIPLIER = random.nextLong() | 1;
  }

  private static final int KEYS_INITIAL = PAIRWISE_MEMBERS_MAX;
  private static final int TABLE_INITIAL = 4 * PAIRWISE_MEMBERS_MAX;
  private static final int DECODED_BYTES_INITIAL = 128;

  /** Arrays longer than these are dropped before the next body, so one giant is not kept. */
  private static final int TABLE_RETAINED_MAX = 1 << 18;

  private static final int DECODED_BYTES_RETAINED_MAX = 1 << 16;

  private int[] keys = new int[KEYS_INITIAL];
  private int[] table = new int[TABLE_INITIAL];
  private byte[] decodedA = new byte[DECODED_BYTES_INITIAL];
  private byte[] decodedB = new byte[DECODED_BYTES_INITIAL];

  /** Lets go of arrays that only an unusual body needed. */
  public void trim() {
    if (table.length > TABLE_RETAINED_MAX) {
      keys = new int[KEYS_INITIAL];
      table = new int[TABLE_INITIAL];
    }
    if (decodedA.length > DECODED_BYTES_RETAINED_MAX) {
      decodedA = new byte[DECODED_BYTES_INITIAL];
    }
    if (decodedB.length > DECODED_BYTES_RETAINED_MAX) {
      decodedB = new byte[DECODED_BYTES_INITIAL];
    }
  }

  /** Keyed hash of a member name once unescaped. */
  public int hash(final JsonTape tape, final int key) {
    final int from = tape.contentStart(key);
    final int to = tape.contentEnd(key);
    if (!tape.escaped(key)) {
      return hash(tape.buffer(), from, to);
    }
    decodedA = room(decodedA, to - from);
    return hash(decodedA, 0, JsonStrings.decode(tape.buffer(), from, to, decodedA, 0));
  }

  private static int hash(final byte[] bytes, final int from, final int to) {
    long h = SEED ^ (to - from);
    int p = from;
    for (; p + 8 <= to; p += 8) {
      h = fold(h ^ (long) LONG.get(bytes, p));
    }
    long tail = 0;
    for (; p < to; p++) {
      tail = (tail << 8) | (bytes[p] & 0xff);
    }
    h = fold(fold(h ^ tail));
    return (int) (h ^ (h >>> 32));
  }

  private static long fold(final long x) {
    return (x * MULTIPLIER) ^ Math.unsignedMultiplyHigh(x, MULTIPLIER);
  }

  /** The second of two equal keys of {@code object}, or -1 when all differ. */
  public int duplicate(final JsonTape tape, final int object) {
    int count = 0;
    for (int v = tape.firstChild(object); v >= 0; v = tape.next(v)) {
      if (count == keys.length) {
        keys = Arrays.copyOf(keys, count * 2);
      }
      keys[count++] = tape.key(v);
    }
    return count <= PAIRWISE_MEMBERS_MAX ? pairwise(tape, count) : hashed(tape, count);
  }

  private int pairwise(final JsonTape tape, final int count) {
    for (int i = 1; i < count; i++) {
      for (int j = 0; j < i; j++) {
        if (same(tape, keys[i], keys[j])) {
          return keys[i];
        }
      }
    }
    return -1;
  }

  private int hashed(final JsonTape tape, final int count) {
    final int size = Integer.highestOneBit(count) << 2;
    if (table.length < size) {
      table = new int[size];
    }
    Arrays.fill(table, 0, size, -1);
    for (int i = 0; i < count; i++) {
      int slot = tape.keyHash(keys[i]) & (size - 1);
      while (table[slot] >= 0) {
        if (same(tape, keys[i], table[slot])) {
          return keys[i];
        }
        slot = (slot + 1) & (size - 1);
      }
      table[slot] = keys[i];
    }
    return -1;
  }

  private boolean same(final JsonTape tape, final int a, final int b) {
    if (tape.keyHash(a) != tape.keyHash(b)) {
      return false;
    }
    final byte[] buf = tape.buffer();
    final int fromA = tape.contentStart(a);
    final int toA = tape.contentEnd(a);
    final int fromB = tape.contentStart(b);
    final int toB = tape.contentEnd(b);
    if (!tape.escaped(a) && !tape.escaped(b)) {
      return Arrays.equals(buf, fromA, toA, buf, fromB, toB);
    }
    decodedA = room(decodedA, toA - fromA);
    decodedB = room(decodedB, toB - fromB);
    final int lengthA = JsonStrings.decode(buf, fromA, toA, decodedA, 0);
    final int lengthB = JsonStrings.decode(buf, fromB, toB, decodedB, 0);
    return Arrays.equals(decodedA, 0, lengthA, decodedB, 0, lengthB);
  }

  private static byte[] room(final byte[] bytes, final int length) {
    return bytes.length >= length ? bytes : new byte[Math.max(length, bytes.length * 2)];
  }
}
