package io.sealgate.policy.cel;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The functions of {@code lists} and {@code sets}. */
public final class Lists {
  private Lists() {}

  /** {@code list.slice(from, to)}. */
  public static Object slice(Object list, Object from, Object to) {
    if (!(list instanceof List<?> l) || !(from instanceof Long f) || !(to instanceof Long t)) {
      return CelError.noOverload("slice", list, from, to);
    }
    return f < 0 || t < f || t > l.size()
        ? new CelError("slice() of an index out of range")
        : new ArrayList<>(l.subList(f.intValue(), t.intValue()));
  }

  /** {@code list.flatten()}: by one level. */
  public static Object flatten(Object list) {
    return flatten(list, 1L);
  }

  /** {@code list.flatten(levels)}. */
  public static Object flatten(Object list, Object levels) {
    if (!(list instanceof List<?> l) || !(levels instanceof Long n)) {
      return CelError.noOverload("flatten", list, levels);
    }
    if (n < 0) {
      return new CelError("flatten() by a negative number of levels");
    }
    final List<Object> flat = new ArrayList<>();
    flatten(l, n, flat);
    return flat;
  }

  private static void flatten(List<?> list, long levels, List<Object> flat) {
    for (final Object element : list) {
      if (levels > 0 && element instanceof List<?> inner) {
        flatten(inner, levels - 1, flat);
      } else {
        flat.add(element);
      }
    }
  }

  /** {@code lists.range(n)}: 0 to n - 1. */
  public static Object range(Object n) {
    if (!(n instanceof Long count)) {
      return CelError.noOverload("lists.range", n);
    }
    if (count > Limits.ITERATIONS_MAX) {
      return new CelError("lists.range() of more than " + Limits.ITERATIONS_MAX);
    }
    final List<Object> range = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      range.add(i);
    }
    return range;
  }

  /** {@code list.distinct()}. */
  public static Object distinct(Object list) {
    if (!(list instanceof List<?> l)) {
      return CelError.noOverload("distinct", list);
    }
    if ((long) l.size() * l.size() > Limits.SIZE_MAX) {
      return Numbers.tooLarge();
    }
    final List<Object> distinct = new ArrayList<>();
    for (final Object element : l) {
      if (!Containers.contains(distinct, element)) {
        distinct.add(element);
      }
    }
    return distinct;
  }

  /** {@code list.sort()}: of elements of one type that has an order. */
  public static Object sort(Object list) {
    return sort(list, list);
  }

  /** What {@code list.sortBy(e, key)} expands to: pairs of a key and its element. */
  public static Object sortPairs(Object pairs) {
    if (!(pairs instanceof List<?> l)) {
      return CelError.noOverload("sortBy", pairs);
    }
    final List<Object> elements = new ArrayList<>();
    final List<Object> keys = new ArrayList<>();
    for (final Object pair : l) {
      keys.add(((List<?>) pair).get(0));
      elements.add(((List<?>) pair).get(1));
    }
    return sort(elements, keys);
  }

  /** A list by the order of its keys, one for each element; equal keys stay as they are. */
  private static Object sort(Object list, Object keys) {
    if (!(list instanceof List<?> l) || !(keys instanceof List<?> k) || l.size() != k.size()) {
      return CelError.noOverload("sort", list, keys);
    }
    for (final Object key : k) {
      if (!TypeName.of(key).equals(TypeName.of(k.getFirst()))
          || Comparison.sortOrder(key, key) == null) {
        return CelError.noOverload("sort", k.getFirst(), key);
      }
    }
    final List<Object> sorted = new ArrayList<>();
    IntStream.range(0, l.size())
        .boxed()
        .sorted((a, b) -> Comparison.sortOrder(k.get(a), k.get(b)))
        .forEach(i -> sorted.add(l.get(i)));
    return sorted;
  }

  /** {@code sets.contains(list, part)}. */
  public static Object setContains(Object list, Object part) {
    if (!(list instanceof List<?> l) || !(part instanceof List<?> p)) {
      return CelError.noOverload("sets.contains", list, part);
    }
    return tooMany(l, p) ? Numbers.tooLarge() : (Object) holdsAll(l, p);
  }

  /** {@code sets.equivalent(a, b)}. */
  public static Object setEquivalent(Object a, Object b) {
    if (!(a instanceof List<?> x) || !(b instanceof List<?> y)) {
      return CelError.noOverload("sets.equivalent", a, b);
    }
    return tooMany(x, y) ? Numbers.tooLarge() : (Object) (holdsAll(x, y) && holdsAll(y, x));
  }

  /** {@code sets.intersects(a, b)}. */
  public static Object setIntersects(Object a, Object b) {
    if (!(a instanceof List<?> x) || !(b instanceof List<?> y)) {
      return CelError.noOverload("sets.intersects", a, b);
    }
    return tooMany(x, y)
        ? Numbers.tooLarge()
        : (Object) y.stream().anyMatch(e -> Containers.contains(x, e));
  }

  private static boolean tooMany(List<?> a, List<?> b) {
    return (long) a.size() * b.size() > Limits.SIZE_MAX;
  }

  private static boolean holdsAll(List<?> list, List<?> elements) {
    return elements.stream().allMatch(e -> Containers.contains(list, e));
  }
}
