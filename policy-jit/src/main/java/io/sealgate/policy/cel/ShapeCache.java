package io.sealgate.policy.cel;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One class per shape, shared by all that use it. Holds the classes weakly: their instances keep
 * them, and a class whose last instance is gone is unloaded. So a publish that changes only
 * literals defines no class. Any thread.
 */
public final class ShapeCache<T> {
  private static final int FITTING_KEPT_MAX = 1_000;

  /** A class that can go away, with the key under which it was kept. */
  private static final class Kept extends WeakReference<Class<?>> {
    private final String key;

    private Kept(String key, Class<?> type, ReferenceQueue<Class<?>> queue) {
      super(type, queue);
      this.key = key;
    }
  }

  private final Target<T> target;
  private final ConcurrentHashMap<String, Kept> classes = new ConcurrentHashMap<>();
  private final ReferenceQueue<Class<?>> gone = new ReferenceQueue<>();
  private final Map<String, Shape> fitting =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Shape> eldest) {
          return size() > FITTING_KEPT_MAX;
        }
      };

  /** Kept by the classes themselves, so that they can be unloaded. */
  private final ClassValue<MethodHandle> constructors =
      new ClassValue<>() {
        @Override
        protected MethodHandle computeValue(Class<?> type) {
          try {
            return target
                .lookup()
                .findConstructor(type, MethodType.methodType(void.class, Object[].class))
                .asType(MethodType.methodType(Object.class, Object[].class));
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a generated class has no constructor", e);
          }
        }
      };

  /** A cache of classes of one kind. */
  public ShapeCache(Target<T> target) {
    this.target = target;
  }

  /**
   * Refuses what could not be compiled, so that an author learns it with the line.
   *
   * @return the shape, with all but its literals shared with others of its key
   * @throws RefusedException if the code is too large
   */
  public Shape checked(Shape shape) throws RefusedException {
    synchronized (fitting) {
      final Shape same = fitting.get(shape.key());
      if (same != null) {
        return shape.sharing(same);
      }
    }
    ShapeEmitter.emit(shape, target);
    synchronized (fitting) {
      fitting.put(shape.key(), shape);
    }
    return shape;
  }

  /**
   * Compiles, or binds literals to a class that is there already.
   *
   * @throws RefusedException if the code is too large
   */
  public T instance(Shape shape) throws RefusedException {
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
  public int size() {
    forgetUnloaded();
    return classes.size();
  }

  private void forgetUnloaded() {
    for (Reference<?> r = gone.poll(); r != null; r = gone.poll()) {
      final Kept kept = (Kept) r;
      classes.remove(kept.key, kept);
    }
  }

  private Class<?> define(Shape shape) throws RefusedException {
    try {
      return target
          .lookup()
          .defineHiddenClass(ShapeEmitter.emit(shape, target), true)
          .lookupClass();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a hidden class of the target's package was refused", e);
    }
  }

  private T instance(Class<?> type, Shape shape) {
    try {
      return target
          .superclass()
          .cast((Object) constructors.get(type).invokeExact(shape.literals()));
    } catch (Throwable e) {
      throw new IllegalStateException("a generated constructor failed", e);
    }
  }
}
