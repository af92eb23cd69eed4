package io.sealgate.classify.hyperscan;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sealgate.classify.finding.ClassifierException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Hyperscan's C functions (hs_compile.h, hs_runtime.h, version 5.4). Pointers travel as {@code
 * long}: the owners below keep what they point to alive, and no call allocates.
 */
public final class Hyperscan {
  public static final int FLAG_CASELESS = 1;
  public static final int FLAG_UTF8 = 1 << 5;
  public static final int FLAG_SOM_LEFTMOST = 1 << 8;

  public static final int SUCCESS = 0;
  public static final int SCAN_TERMINATED = -3;
  public static final int COMPILER_ERROR = -4;

  /** {@code int (unsigned id, unsigned long long from, unsigned long long to, unsigned, void*)}. */
  public static final FunctionDescriptor MATCH_CALLBACK =
      FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);

  private static final int MODE_BLOCK = 1;
  private static final long MESSAGE_BYTES_MAX = 4_096;

  private static final SymbolLookup SYMBOLS;
  private static final ClassifierException LOAD_FAILURE;

  static {
    SymbolLookup symbols = null;
    ClassifierException failure = null;
    try {
      symbols = HyperscanLibrary.load();
    } catch (final ClassifierException e) {
      failure = e;
    }
    SYMBOLS = symbols;
    LOAD_FAILURE = failure;
  }

  private static final MethodHandle VERSION = function("hs_version");
  private static final MethodHandle VALID_PLATFORM = function("hs_valid_platform");
  private static final MethodHandle FREE_COMPILE_ERROR = function("hs_free_compile_error");
  private static final MethodHandle FREE_DATABASE = function("hs_free_database");
  private static final MethodHandle ALLOC_SCRATCH = function("hs_alloc_scratch");
  private static final MethodHandle FREE_SCRATCH = function("hs_free_scratch");
  private static final MethodHandle SERIALIZE = function("hs_serialize_database");
  private static final MethodHandle DESERIALIZE = function("hs_deserialize_database");
  private static final MethodHandle POPULATE_PLATFORM = function("hs_populate_platform");

  /** Each linked when first called. */
  private static final class Compile {
    static final MethodHandle MULTI =
        function(
            "hs_compile_multi",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS,
                ADDRESS));
  }

  private static final class Scan {
    static final MethodHandle BLOCK =
        function(
            "hs_scan",
            FunctionDescriptor.of(
                JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG,
                JAVA_LONG));
  }

  /** Hyperscan allocates what it serialises with the C library's malloc. */
  private static final class Libc {
    static final MethodHandle FREE =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("free"), HyperscanLibrary.FEW);
  }

  private Hyperscan() {}

  private static MethodHandle function(final String name) {
    return function(name, HyperscanLibrary.FEW);
  }

  private static MethodHandle function(final String name, final FunctionDescriptor type) {
    return SYMBOLS == null
        ? null
        : Linker.nativeLinker().downcallHandle(SYMBOLS.findOrThrow(name), type);
  }

  /** Returns when the library is there, or is known not to be. */
  static void load() {
    // The class's own initialisation does it.
  }

  /**
   * To be called before any other method.
   *
   * @throws ClassifierException when the library did not load or the processor is too old for it
   */
  public static void requireUsable() throws ClassifierException {
    if (LOAD_FAILURE != null) {
      throw new ClassifierException(LOAD_FAILURE.getMessage(), LOAD_FAILURE);
    }
    final int rc;
    try {
      rc = call(VALID_PLATFORM, 0, 0, 0);
    } catch (final Throwable e) {
      throw unexpected(e);
    }
    if (rc != SUCCESS) {
      throw new ClassifierException(
          "Hyperscan needs a processor with SSSE3 (hs_valid_platform answered " + rc + ")");
    }
  }

  /** For example {@code 5.4.0 2021-03-31}. */
  public static String version() {
    try {
      return string(MemorySegment.ofAddress((long) VERSION.invokeExact(0L, 0L, 0L)));
    } catch (final Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Compiles for block mode; the identifier of a match is the expression's index.
   *
   * @param expressions array of C strings
   * @param flags array of as many ints
   * @return the database, to be given to {@link #freeDatabase} once
   * @throws Refused when an expression is at fault
   */
  public static long compile(
      final MemorySegment expressions, final MemorySegment flags, final int count)
      throws Refused, ClassifierException {
    try (Arena arena = Arena.ofConfined()) {
      final MemorySegment ids = arena.allocate(JAVA_INT, count);
      for (int i = 0; i < count; i++) {
        ids.setAtIndex(JAVA_INT, i, i);
      }
      final MemorySegment database = arena.allocate(JAVA_LONG);
      final MemorySegment error = arena.allocate(ADDRESS);
      final int rc;
      try {
        rc =
            (int)
                Compile.MULTI.invokeExact(
                    expressions, flags, ids, count, MODE_BLOCK, 0L, database, error);
      } catch (final Throwable e) {
        throw unexpected(e);
      }
      if (rc == COMPILER_ERROR) {
        throw refused(error.get(ADDRESS, 0));
      }
      if (rc != SUCCESS) {
        throw new ClassifierException("Hyperscan could not compile: error " + rc);
      }
      return database.get(JAVA_LONG, 0);
    }
  }

  /**
   * The database as bytes for {@link #deserialize} on a machine with the same engine version and
   * {@link #platform}.
   */
  static byte[] serialize(final long database) throws ClassifierException {
    try (Arena arena = Arena.ofConfined()) {
      final MemorySegment bytes = arena.allocate(ADDRESS);
      final MemorySegment length = arena.allocate(JAVA_LONG);
      final int rc = call(SERIALIZE, database, bytes.address(), length.address());
      if (rc != SUCCESS) {
        throw new ClassifierException("Hyperscan could not serialise a database: error " + rc);
      }
      final MemorySegment allocated = bytes.get(ADDRESS, 0);
      final byte[] copy = allocated.reinterpret(length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
      call(Libc.FREE, allocated.address(), 0, 0);
      return copy;
    } catch (final ClassifierException e) {
      throw e;
    } catch (final Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * The database that {@link #serialize} wrote. Only bytes whose integrity is proven may come here:
   * native code trusts them.
   *
   * @return the database, to be given to {@link #freeDatabase} once; 0 when it is of another
   *     version or platform
   */
  static long deserialize(final byte[] serialized) {
    try (Arena arena = Arena.ofConfined()) {
      final MemorySegment bytes = arena.allocate(serialized.length);
      MemorySegment.copy(serialized, 0, bytes, JAVA_BYTE, 0, serialized.length);
      final MemorySegment database = arena.allocate(JAVA_LONG);
      final int rc = call(DESERIALIZE, bytes.address(), bytes.byteSize(), database.address());
      return rc == SUCCESS ? database.toArray(JAVA_LONG)[0] : 0;
    } catch (final Throwable e) {
      throw unexpected(e);
    }
  }

  /** {@code struct hs_platform_info} of this machine: tuning family and processor features. */
  static byte[] platform() throws ClassifierException {
    try (Arena arena = Arena.ofConfined()) {
      // { unsigned tune; unsigned long long cpu_features, reserved1, reserved2; }
      final MemorySegment info = arena.allocate(4 * JAVA_LONG.byteSize());
      final int rc = call(POPULATE_PLATFORM, info.address(), 0, 0);
      if (rc != SUCCESS) {
        throw new ClassifierException("Hyperscan does not know this processor: error " + rc);
      }
      return info.toArray(JAVA_BYTE);
    } catch (final ClassifierException e) {
      throw e;
    } catch (final Throwable e) {
      throw unexpected(e);
    }
  }

  private static Refused refused(final MemorySegment error) {
    // struct hs_compile_error { char *message; int expression; }
    final MemorySegment struct = error.reinterpret(ADDRESS.byteSize() + JAVA_INT.byteSize());
    final var refused =
        new Refused(string(struct.get(ADDRESS, 0)), struct.get(JAVA_INT, ADDRESS.byteSize()));
    try {
      final int rc = call(FREE_COMPILE_ERROR, error.address(), 0, 0);
      assert rc == SUCCESS : rc;
    } catch (final Throwable e) {
      throw unexpected(e);
    }
    return refused;
  }

  public static void freeDatabase(final long database) {
    try {
      final int rc = call(FREE_DATABASE, database, 0, 0);
      assert rc == SUCCESS : rc;
    } catch (final Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Makes {@code scratch} large enough for {@code database} as well.
   *
   * @param scratch 0 for a new one
   * @return the scratch to use from now on, to be given to {@link #freeScratch} once
   */
  public static long allocScratch(final long database, final long scratch)
      throws ClassifierException {
    try (Arena arena = Arena.ofConfined()) {
      final MemorySegment holder = arena.allocateFrom(JAVA_LONG, scratch);
      final int rc;
      try {
        rc = call(ALLOC_SCRATCH, database, holder.address(), 0);
      } catch (final Throwable e) {
        throw unexpected(e);
      }
      if (rc != SUCCESS) {
        throw new ClassifierException("Hyperscan could not allocate scratch space: error " + rc);
      }
      return holder.get(JAVA_LONG, 0);
    }
  }

  public static void freeScratch(final long scratch) {
    try {
      final int rc = call(FREE_SCRATCH, scratch, 0, 0);
      assert rc == SUCCESS : rc;
    } catch (final Throwable e) {
      throw unexpected(e);
    }
  }

  /** Returns {@code hs_error_t}; calls {@code callback} on this thread before it returns. */
  public static int scan(
      final long database,
      final long data,
      final int length,
      final long scratch,
      final long callback) {
    try {
      return (int) Scan.BLOCK.invokeExact(database, data, length, 0, scratch, callback, 0L);
    } catch (final Throwable e) {
      throw unexpected(e);
    }
  }

  private static int call(final MethodHandle function, final long a, final long b, final long c)
      throws Throwable {
    return (int) (long) function.invokeExact(a, b, c);
  }

  private static String string(final MemorySegment pointer) {
    return pointer.equals(MemorySegment.NULL)
        ? ""
        : pointer.reinterpret(MESSAGE_BYTES_MAX).getString(0);
  }

  /** Method handles declare Throwable; a native call itself throws nothing checked. */
  private static RuntimeException unexpected(final Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }

  /** The compiler's complaint. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    /** Index of the expression at fault, negative when it is none of them. */
    private final int expression;

    Refused(final String message, final int expression) {
      super(message, null, false, false);
      this.expression = expression;
    }

    int expression() {
      return expression;
    }
  }
}
