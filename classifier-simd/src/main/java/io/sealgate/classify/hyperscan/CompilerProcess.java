package io.sealgate.classify.hyperscan;

import io.sealgate.classify.finding.ClassifierException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Compiles in a second JVM, which is killed when it exceeds its limits: native code cannot be
 * interrupted, and an expression of a few characters can keep Hyperscan's compiler busy for hours.
 *
 * <p>The child reads {@code int mode, int count, count x (int flags, int bytes, UTF-8)} and answers
 * {@link #COMPILED} with the serialised database, {@link #REFUSED} with {@code int index} and the
 * reason in UTF-8, or {@link #FAILED} with the reason. In mode {@link #PROBE} it compiles each
 * expression alone and writes {@code int index} before each.
 */
final class CompilerProcess {
  static final int WHOLE = 0;
  static final int PROBE = 1;

  static final int COMPILED = 'C';
  static final int REFUSED = 'R';
  static final int FAILED = 'F';

  private static final int POLL_MILLIS = 20;

  private final CompilerLimits limits;

  CompilerProcess(final CompilerLimits limits) {
    this.limits = limits;
  }

  /** Ended by its parent, so that there is no answer. */
  private static final class Exceeded extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient byte[] output;

    Exceeded(final byte[] output) {
      super(null, null, false, false);
      this.output = output;
    }
  }

  /** The serialised database. */
  byte[] compile(final List<HyperscanDatabase.Expression> expressions) throws ClassifierException {
    final byte[] answer;
    try {
      answer = run(expressions, WHOLE);
    } catch (final Exceeded e) {
      throw HyperscanDatabase.refused(
          expressions,
          culprit(expressions),
          "it takes more than "
              + limits.time(expressions.size()).toSeconds()
              + " s or "
              + (limits.memoryBytes() >> 20)
              + " MiB to compile; write smaller repeats and fewer alternatives");
    }
    final var in = new DataInputStream(new ByteArrayInputStream(answer));
    try {
      final int status = in.read();
      if (status == COMPILED) {
        return in.readAllBytes();
      }
      if (status == REFUSED) {
        final int index = in.readInt();
        throw HyperscanDatabase.refused(expressions, index, text(in));
      }
      throw new ClassifierException(
          status == FAILED
              ? "the compiler of patterns failed: " + text(in)
              : "the compiler of patterns died; write smaller repeats and fewer alternatives");
    } catch (final IOException e) {
      throw new ClassifierException("the compiler of patterns died in its answer", e);
    }
  }

  private static String text(final DataInputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The expression that does not compile alone either; -1 when only the set is too much. */
  private int culprit(final List<HyperscanDatabase.Expression> expressions)
      throws ClassifierException {
    if (expressions.size() == 1) {
      return 0;
    }
    try {
      run(expressions, PROBE);
      return -1;
    } catch (final Exceeded e) {
      return e.output.length / Integer.BYTES - 1;
    }
  }

  private byte[] run(final List<HyperscanDatabase.Expression> expressions, final int mode)
      throws ClassifierException, Exceeded {
    final long deadline = System.nanoTime() + limits.time(expressions.size()).toNanos();
    final Process process = start();
    try {
      final var output = new FutureTask<>(() -> process.getInputStream().readAllBytes());
      startDaemon("sealgate-compiler-output", output);
      startDaemon(
          "sealgate-compiler-input",
          new FutureTask<>(
              () -> {
                write(process.getOutputStream(), expressions, mode);
                return null;
              }));
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (System.nanoTime() > deadline || residentBytes(process) > limits.memoryBytes()) {
          process.destroyForcibly();
          process.waitFor();
          throw new Exceeded(output.get());
        }
      }
      return output.get();
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClassifierException("the compilation of patterns was interrupted", e);
    } catch (final ExecutionException e) {
      throw new ClassifierException("the compiler of patterns died", e.getCause());
    } finally {
      process.destroyForcibly();
    }
  }

  private static void startDaemon(final String name, final FutureTask<?> task) {
    Thread.ofPlatform().daemon().name(name).start(task);
  }

  private static Process start() throws ClassifierException {
    final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    final var builder =
        new ProcessBuilder(
            java.toString(),
            "-Xmx512m",
            "-Xss1m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+SuppressFatalErrorMessage",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
            "-cp",
            System.getProperty("java.class.path"),
            CompilerMain.class.getName());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      return builder.start();
    } catch (final IOException e) {
      throw new ClassifierException(
          "the compiler of patterns cannot be started as " + java + "; check the Java installation",
          e);
    }
  }

  private static void write(
      final OutputStream to, final List<HyperscanDatabase.Expression> expressions, final int mode)
      throws IOException {
    try (var out = new DataOutputStream(new BufferedOutputStream(to))) {
      out.writeInt(mode);
      out.writeInt(expressions.size());
      for (final HyperscanDatabase.Expression expression : expressions) {
        final byte[] text = expression.expression().getBytes(StandardCharsets.UTF_8);
        out.writeInt(expression.flags());
        out.writeInt(text.length);
        out.write(text);
      }
    }
  }

  /** From proc(5), statm: the second number is the resident set in pages of 4 KiB on x86-64. */
  private static long residentBytes(final Process process) {
    try {
      final String statm = Files.readString(Path.of("/proc", "" + process.pid(), "statm"));
      return Long.parseLong(statm.split(" ")[1]) << 12;
    } catch (final IOException e) {
      // It has just ended.
      return 0;
    }
  }
}
