package io.sealgate.policy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One class per shape, shared by all snapshots that use it. Holds the classes weakly: the
 * conditions of live snapshots keep them, and a class whose last snapshot is gone is unloaded. So a
 * publish that changes only literals defines no class.
 */
final class ShapeCache {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  /** A class that can go away, with the key under which it was kept. */
  private static final class Kept extends WeakReference<Class<?>> {
    private final String key;

    private Kept(String key, Class<?> type, ReferenceQueue<Class<?>> queue) {
      super(type, queue);
      this.key = key;
    }
  }

  private final ConcurrentHashMap<String, Kept> classes = new ConcurrentHashMap<>();
  private final ReferenceQueue<Class<?>> gone = new ReferenceQueue<>();

  /** Compiles, or binds literals to a class that is there already. Any thread. */
  Condition condition(Shape shape) {
    forgetUnloaded();
    final Kept kept = classes.get(shape.key());
    Class<?> type = kept == null ? null : kept.get();
    if (type == null) {
      type = define(shape);
      classes.put(shape.key(), new Kept(shape.key(), type, gone));
    }
    return instance(type, shape);
  }

  /** How many shapes have a loaded class. */
  int size() {
    forgetUnloaded();
    return classes.size();
  }

  private void forgetUnloaded() {
    for (Reference<?> r = gone.poll(); r != null; r = gone.poll()) {
      final Kept kept = (Kept) r;
      classes.remove(kept.key, kept);
    }
  }

  private static Class<?> define(Shape shape) {
    final ShapeEmitter.Emitted emitted = ShapeEmitter.emit(shape);
    if (!emitted.withinLimit()) {
      throw new IllegalStateException("a condition beyond the code limit passed the check");
    }
    try {
      return LOOKUP.defineHiddenClass(emitted.classFile(), true).lookupClass();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a hidden class of this package was refused", e);
    }
  }

  private static Condition instance(Class<?> type, Shape shape) {
    try {
      return (Condition)
          LOOKUP
              .findConstructor(type, MethodType.methodType(void.class, Object[].class))
              .invoke(shape.literals());
    } catch (Throwable e) {
      throw new IllegalStateException("a generated constructor failed", e);
    }
  }
}
