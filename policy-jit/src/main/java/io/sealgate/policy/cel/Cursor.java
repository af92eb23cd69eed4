package io.sealgate.policy.cel;

import java.util.Iterator;
import java.util.List;

/** The loop of a comprehension: over a list's elements or a map's keys. One thread. */
public final class Cursor {
  private final Iterator<?> iterator;
  private final boolean overMap;
  private Object current;
  private long index = -1;

  private Cursor(Iterator<?> iterator, boolean overMap) {
    this.iterator = iterator;
    this.overMap = overMap;
  }

  /** A cursor before the first element, or an error if the range has no elements to go over. */
  public static Object over(Object range) {
    return switch (range) {
      case List<?> list -> new Cursor(list.iterator(), false);
      case CelMap map -> new Cursor(map.entries().iterator(), true);
      default -> CelError.noOverload("comprehension", range);
    };
  }

  /** Goes to the next element; false if there is none. */
  public boolean next() {
    if (!iterator.hasNext()) {
      return false;
    }
    current = iterator.next();
    index++;
    return true;
  }

  /** The one variable of a macro: an element or a key. */
  public Object only() {
    return overMap ? ((CelMap.Entry) current).key() : current;
  }

  /** The first of two variables: an index or a key. */
  public Object first() {
    return overMap ? ((CelMap.Entry) current).key() : (Object) index;
  }

  /** The second of two variables: an element or a value. */
  public Object second() {
    return overMap ? ((CelMap.Entry) current).value() : current;
  }
}
