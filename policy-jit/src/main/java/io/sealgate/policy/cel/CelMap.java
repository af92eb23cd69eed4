package io.sealgate.policy.cel;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map in order of insertion. Keys are bool, int, uint and string; numbers that are equal are one
 * key, whatever their types. Not changed after whoever made it has handed it on.
 */
final class CelMap {
  /** A key as it was given, and its value. */
  record Entry(Object key, Object value) {}

  private final Map<Object, Entry> entries = new LinkedHashMap<>();

  /** Whether the key is of a type that may be a key. */
  static boolean isKey(Object key) {
    return key instanceof Boolean
        || key instanceof Long
        || key instanceof Uint
        || key instanceof String;
  }

  /** False if there is an equal key, in which case nothing is changed. */
  boolean put(Object key, Object value) {
    return entries.putIfAbsent(canonical(key), new Entry(key, value)) == null;
  }

  /** Null if no key equals it. */
  Object get(Object key) {
    final Object canonical = canonical(key);
    final Entry entry = canonical == null ? null : entries.get(canonical);
    return entry == null ? null : entry.value();
  }

  int size() {
    return entries.size();
  }

  Collection<Entry> entries() {
    return entries.values();
  }

  CelMap copy() {
    final CelMap copy = new CelMap();
    copy.entries.putAll(entries);
    return copy;
  }

  private static Object canonical(Object key) {
    return switch (key) {
      case Uint u when u.bits() >= 0 -> u.bits();
      case Double d when d == Math.rint(d) && d >= -0x1p63 && d < 0x1p63 -> d.longValue();
      case Double d when d == Math.rint(d) && d >= 0x1p63 && d < 0x1p64 ->
          new Uint(Numbers.unsignedBits(d));
      case Object k when isKey(k) -> k;
      default -> null;
    };
  }
}
