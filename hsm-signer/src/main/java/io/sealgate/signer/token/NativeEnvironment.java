package io.sealgate.signer.token;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C environment of this process, which native libraries read with {@code getenv} and {@link
 * System#getenv} does not show after the start. {@code setenv} is not safe beside threads that read
 * the environment, so callers change it before they load a module.
 */
final class NativeEnvironment {
  private NativeEnvironment() {}

  static void set(String name, String value) {
    Linker linker = Linker.nativeLinker();
    MethodHandle setenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setenv"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nameZ = arena.allocateFrom(name);
      MemorySegment valueZ = arena.allocateFrom(value);
      int result = (int) setenv.invokeExact(nameZ, valueZ, 1);
      if (result != 0) {
        throw new IllegalStateException("setenv(" + name + ") failed");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("setenv(" + name + ") failed", e);
    }
  }
}
