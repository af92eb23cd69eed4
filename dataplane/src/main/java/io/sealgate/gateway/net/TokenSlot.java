package io.sealgate.gateway.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Finds the slot of a token by its label, which the JDK's provider cannot: labels are stable, slot
 * numbers are not. The module is left loaded and initialized with the operating system's locks, as
 * the provider initializes it; the provider takes a module that already is (PKCS#11 v2.40, 5.4).
 */
final class TokenSlot {
  private static final long CKR_OK = 0;
  private static final long CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191;
  private static final long CKF_OS_LOCKING_OK = 2;

  /** CK_C_INITIALIZE_ARGS: four mutex functions, flags, reserved. */
  private static final long INITIALIZE_ARGS_BYTES = 48;

  private static final long INITIALIZE_FLAGS_OFFSET = 32;

  /** CK_TOKEN_INFO on a 64-bit Unix, with room to spare; it begins with the label. */
  private static final long TOKEN_INFO_BYTES = 256;

  private static final int LABEL_BYTES = 32;
  private static final int SLOTS_MAX = 1024;

  /** CK_FUNCTION_LIST: a padded version, then the functions in the order of the specification. */
  private static final int FUNCTION_INITIALIZE = 0;

  private static final int FUNCTION_SLOT_LIST = 4;
  private static final int FUNCTION_TOKEN_INFO = 6;
  private static final int FUNCTIONS_READ = 7;

  private final Path module;
  private final Linker linker = Linker.nativeLinker();
  private final MemorySegment functions;

  private TokenSlot(final Path module, final MemorySegment functions) {
    this.module = module;
    this.functions = functions;
  }

  /**
   * The slot ID of the one token with a label.
   *
   * @throws ServerTlsException when the module cannot be loaded, or not exactly one token matches
   */
  static long find(final Path module, final String label) throws ServerTlsException {
    final SymbolLookup library;
    try {
      // Never unloaded: a module keeps threads and locks of its own.
      library = SymbolLookup.libraryLookup(module, Arena.global());
    } catch (final IllegalArgumentException e) {
      throw new ServerTlsException(
          "PKCS#11 module "
              + module
              + " cannot be loaded; check tls.pkcs11.module and the file's permissions",
          e);
    }
    final MemorySegment entry =
        library
            .find("C_GetFunctionList")
            .orElseThrow(
                () ->
                    new ServerTlsException(
                        module + " is not a PKCS#11 module; correct tls.pkcs11.module"));
    try (Arena arena = Arena.ofConfined()) {
      final MemorySegment out = arena.allocate(ADDRESS);
      final MethodHandle list =
          Linker.nativeLinker().downcallHandle(entry, FunctionDescriptor.of(JAVA_LONG, ADDRESS));
      final long result = (long) list.invokeExact(out);
      if (result != CKR_OK) {
        throw failed(module, "C_GetFunctionList", result);
      }
      final long bytes = ADDRESS.byteSize() * (1 + FUNCTIONS_READ);
      return new TokenSlot(module, out.get(ADDRESS, 0).reinterpret(bytes)).search(arena, label);
    } catch (final ServerTlsException | RuntimeException | Error e) {
      throw e;
    } catch (final Throwable e) {
      throw new IllegalStateException("a native call cannot throw a checked exception", e);
    }
  }

  private long search(final Arena arena, final String label) throws Throwable {
    final MemorySegment args = arena.allocate(INITIALIZE_ARGS_BYTES, Long.BYTES);
    args.set(JAVA_LONG, INITIALIZE_FLAGS_OFFSET, CKF_OS_LOCKING_OK);
    final long initialized =
        (long)
            function(FUNCTION_INITIALIZE, FunctionDescriptor.of(JAVA_LONG, ADDRESS))
                .invokeExact(args);
    if (initialized != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
      require("C_Initialize", initialized);
    }
    final MethodHandle slotList =
        function(FUNCTION_SLOT_LIST, FunctionDescriptor.of(JAVA_LONG, JAVA_BYTE, ADDRESS, ADDRESS));
    final MethodHandle tokenInfo =
        function(FUNCTION_TOKEN_INFO, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS));
    final MemorySegment slots = arena.allocate(JAVA_LONG, SLOTS_MAX);
    final MemorySegment count = arena.allocate(JAVA_LONG);
    // SoftHSM reads its tokens anew only when it is asked for their number.
    require("C_GetSlotList", (long) slotList.invokeExact((byte) 1, MemorySegment.NULL, count));
    count.set(JAVA_LONG, 0, SLOTS_MAX);
    require("C_GetSlotList", (long) slotList.invokeExact((byte) 1, slots, count));
    final MemorySegment info = arena.allocate(TOKEN_INFO_BYTES, Long.BYTES);
    long found = -1;
    for (long i = 0; i < count.get(JAVA_LONG, 0); i++) {
      final long slot = slots.getAtIndex(JAVA_LONG, i);
      // A slot whose token was just pulled or is not of this kind is no candidate.
      if ((long) tokenInfo.invokeExact(slot, info) == CKR_OK && label.equals(labelOf(info))) {
        if (found >= 0) {
          throw new ServerTlsException(
              "more than one token of " + module + " is labelled '" + label + "'; rename one");
        }
        found = slot;
      }
    }
    if (found < 0) {
      throw new ServerTlsException(
          "no token of "
              + module
              + " is labelled '"
              + label
              + "'; correct tls.pkcs11.token, or see which there are: pkcs11-tool --module "
              + module
              + " -L");
    }
    return found;
  }

  private static String labelOf(final MemorySegment info) {
    final byte[] label = info.asSlice(0, LABEL_BYTES).toArray(JAVA_BYTE);
    return new String(label, StandardCharsets.UTF_8).stripTrailing();
  }

  private MethodHandle function(final int index, final FunctionDescriptor descriptor) {
    return linker.downcallHandle(
        functions.get(ADDRESS, ADDRESS.byteSize() * (1 + index)), descriptor);
  }

  private void require(final String call, final long result) throws ServerTlsException {
    if (result != CKR_OK) {
      throw failed(module, call, result);
    }
  }

  private static ServerTlsException failed(
      final Path module, final String call, final long result) {
    return new ServerTlsException(
        "PKCS#11 module "
            + module
            + ": "
            + call
            + " returned 0x"
            + Long.toHexString(result)
            + "; check the module's own configuration and log");
  }
}
