package io.sealgate.gateway.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Pins threads to cores with {@code sched_setaffinity(2)}, bound through java.lang.foreign. */
public final class Affinity {
  /** Linux's own upper bound on a static cpu_set_t: 1,024 cores. */
  private static final int CORES_MAX = 1024;

  private static final int MASK_BYTES = CORES_MAX / Byte.SIZE;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SET = bind("sched_setaffinity");

  private Affinity() {}

  /**
   * Moves the calling thread to one core and keeps it there.
   *
   * @param core the kernel's number of the core, from 0
   * @throws IOException when the kernel refuses, with the reason and the way out
   */
  public static void pinCurrentThread(final int core) throws IOException {
    if (core < 0 || core >= CORES_MAX) {
      throw new IOException("core " + core + " is not in 0.." + (CORES_MAX - 1));
    }
    try (Arena arena = Arena.ofConfined()) {
      final MemorySegment mask = arena.allocate(MASK_BYTES);
      mask.set(JAVA_BYTE, core >>> 3, (byte) (1 << (core & 7)));
      final MemorySegment capture = arena.allocate(CAPTURE);
      if (invoke(SET, capture, mask) < 0) {
        throw new IOException(
            "cannot pin a thread to core "
                + core
                + " (errno "
                + (int) ERRNO.get(capture, 0L)
                + "): the core is absent or outside this process's cpuset; set 'cores' to others");
      }
    }
  }

  private static int invoke(
      final MethodHandle call, final MemorySegment capture, final MemorySegment mask) {
    try {
      return (int) call.invokeExact(capture, 0, (long) MASK_BYTES, mask);
    } catch (final RuntimeException | Error e) {
      throw e;
    } catch (final Throwable e) {
      throw new IllegalStateException("a native call cannot throw a checked exception", e);
    }
  }

  private static MethodHandle bind(final String name) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
        Linker.Option.captureCallState("errno"));
  }
}
