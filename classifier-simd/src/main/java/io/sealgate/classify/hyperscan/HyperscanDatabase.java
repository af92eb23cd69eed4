package io.sealgate.classify.hyperscan;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.sealgate.classify.finding.ClassifierException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A compiled set of expressions. Immutable and shared by threads; whoever uses it holds a reference
 * and the last one to release it frees the native memory.
 */
public final class HyperscanDatabase {
  /**
   * One expression.
   *
   * @param name what a message calls it
   */
  public record Expression(String name, String expression, int flags) {
    /** {@code literal} as an expression that matches nothing else, in byte and in UTF-8 mode. */
    public static String escape(final String literal) {
      final var escaped = new StringBuilder(literal.length() + 16);
      for (int i = 0; i < literal.length(); i++) {
        final char c = literal.charAt(i);
        if (c < 0x20 || c == 0x7F) {
          escaped.append(String.format("\\x%02x", (int) c));
        } else {
          if (c < 0x80 && !Character.isLetterOrDigit(c)) {
            escaped.append('\\');
          }
          escaped.append(c);
        }
      }
      return escaped.toString();
    }
  }

  /** Address space, of which only what is used takes memory. */
  private static final long COMPILER_STACK_BYTES = 256L * 1024 * 1024;

  private final long address;
  private final AtomicInteger references = new AtomicInteger(1);

  private HyperscanDatabase(final long address) {
    this.address = address;
  }

  /** Takes over what {@link Hyperscan#deserialize} gave. */
  static HyperscanDatabase of(final long address) {
    return new HyperscanDatabase(address);
  }

  /**
   * Compiles; the caller holds the first reference. The identifier of a match is the index in
   * {@code expressions}, which must not be empty.
   *
   * @throws ClassifierException naming the expression that is refused, and why
   */
  public static HyperscanDatabase compile(final List<Expression> expressions)
      throws ClassifierException {
    try {
      return compileUnnamed(expressions);
    } catch (final Hyperscan.Refused e) {
      throw refused(expressions, e.expression(), e.getMessage());
    }
  }

  static HyperscanDatabase compileUnnamed(final List<Expression> expressions)
      throws Hyperscan.Refused, ClassifierException {
    Hyperscan.requireUsable();
    final int count = expressions.size();
    try (Arena arena = Arena.ofShared()) {
      final MemorySegment strings = arena.allocate(ADDRESS, count);
      final MemorySegment flags = arena.allocate(JAVA_INT, count);
      for (int i = 0; i < count; i++) {
        final Expression expression = expressions.get(i);
        strings.setAtIndex(
            ADDRESS, i, arena.allocateFrom(expression.expression(), StandardCharsets.UTF_8));
        flags.setAtIndex(JAVA_INT, i, expression.flags());
      }
      return new HyperscanDatabase(compileOnLargeStack(strings, flags, count));
    }
  }

  /** {@code expression} is negative when the fault is none's in particular. */
  static ClassifierException refused(
      final List<Expression> expressions, final int expression, final String why) {
    final String culprit =
        expression < 0
            ? "the set of patterns"
            : "pattern \"" + expressions.get(expression).name() + "\"";
    return new ClassifierException(culprit + " is refused by Hyperscan: " + why);
  }

  /**
   * The compiler recurses over the states of a pattern, and an overflow in native code would end
   * the process.
   */
  private static long compileOnLargeStack(
      final MemorySegment strings, final MemorySegment flags, final int count)
      throws Hyperscan.Refused, ClassifierException {
    final var task = new FutureTask<>(() -> Hyperscan.compile(strings, flags, count));
    final var thread = new Thread(null, task, "sealgate-hyperscan-compile", COMPILER_STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (final InterruptedException e) {
          // Native code cannot be stopped, and the memory it reads is freed when this returns.
          interrupted = true;
        }
      }
    } catch (final ExecutionException e) {
      switch (e.getCause()) {
        case final Hyperscan.Refused refused -> throw refused;
        case final ClassifierException failed -> throw failed;
        case final Error error -> throw error;
        default -> throw new ClassifierException("Hyperscan's compiler failed", e.getCause());
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Valid while the caller holds a reference. */
  public long address() {
    return address;
  }

  /** Takes one more reference; false when the memory is already freed. */
  public boolean retain() {
    int held = references.get();
    while (held > 0) {
      final int seen = references.compareAndExchange(held, held + 1);
      if (seen == held) {
        return true;
      }
      held = seen;
    }
    return false;
  }

  /** Gives one reference back. */
  public void release() {
    final int left = references.decrementAndGet();
    if (left == 0) {
      Hyperscan.freeDatabase(address);
    } else if (left < 0) {
      throw new IllegalStateException("a Hyperscan database was released more often than retained");
    }
  }

  public int references() {
    return references.get();
  }
}
