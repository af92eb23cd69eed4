package io.sealgate.perf;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that ends with this one: in order by {@link #close}, by a shutdown hook when this
 * process is told to end, and by the end of its standard input when this one is killed.
 */
final class ChildProcess implements AutoCloseable {
  private static final long STOP_TIMEOUT_SECONDS = 20;
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int LOG_TAIL_CHARS = 2_000;

  /** In the order of starting. */
  private static final ConcurrentLinkedDeque<ChildProcess> RUNNING = new ConcurrentLinkedDeque<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ChildProcess::closeAll, "stop-bench-children"));
  }

  private final String name;
  private final Process process;
  private final Path log;

  private ChildProcess(final String name, final Process process, final Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** Ends every one that runs, the last started first: it may need the earlier ones. */
  static void closeAll() {
    RUNNING.descendingIterator().forEachRemaining(ChildProcess::close);
  }

  /**
   * Starts a command whose program ends when its standard input does.
   *
   * @param log gets its output
   */
  static ChildProcess start(final String name, final List<String> command, final Path log)
      throws BenchException {
    return start(name, command, Map.of(), log);
  }

  private static ChildProcess start(
      final String name,
      final List<String> command,
      final Map<String, String> environment,
      final Path log)
      throws BenchException {
    final ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // The copy of the environment that this process was started with, and not the present one, in
    // which the measuring of signatures has pointed SoftHSM at a token of its own.
    builder.environment().putAll(environment);
    try {
      final ChildProcess child = new ChildProcess(name, builder.start(), log);
      RUNNING.addLast(child);
      return child;
    } catch (final IOException failed) {
      throw new BenchException("cannot start " + name + ": " + failed.getMessage(), failed);
    }
  }

  /** Starts a class of this class path in a JVM of its own, with this JVM's flags. */
  static ChildProcess java(
      final String name,
      final List<String> furtherFlags,
      final Class<?> main,
      final List<String> arguments,
      final Path log)
      throws BenchException {
    return java(name, furtherFlags, Map.of(), main, arguments, log);
  }

  /** As the other, with more variables in its environment. */
  static ChildProcess java(
      final String name,
      final List<String> furtherFlags,
      final Map<String, String> environment,
      final Class<?> main,
      final List<String> arguments,
      final Path log)
      throws BenchException {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // An agent, such as a debugger, serves one process.
      if (!flag.startsWith("-agent") && !flag.startsWith("-javaagent")) {
        command.add(flag);
      }
    }
    command.addAll(furtherFlags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return start(name, command, environment, log);
  }

  /** Waits for a file that the child puts in place when it is ready; returns its content. */
  String awaitFile(final Path file, final Duration limit) throws BenchException {
    final long deadline = System.nanoTime() + limit.toNanos();
    while (!Files.exists(file)) {
      requireAlive();
      if (System.nanoTime() - deadline > 0) {
        throw new BenchException(name + " was not ready in time; its last words:\n" + lastWords());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    try {
      return Files.readString(file);
    } catch (final IOException unreadable) {
      throw new BenchException("cannot read what " + name + " wrote", unreadable);
    }
  }

  void requireAlive() throws BenchException {
    if (!process.isAlive()) {
      throw new BenchException(
          name + " ended with " + process.exitValue() + "; its last words:\n" + lastWords());
    }
  }

  long pid() {
    return process.pid();
  }

  /** The processes that it started and that they started. */
  List<Long> descendants() {
    return process.descendants().map(ProcessHandle::pid).toList();
  }

  String lastWords() {
    try {
      final String text = Files.readString(log, StandardCharsets.ISO_8859_1);
      return text.substring(Math.max(0, text.length() - LOG_TAIL_CHARS));
    } catch (final IOException unreadable) {
      return "(its log cannot be read: " + unreadable.getMessage() + ")";
    }
  }

  /**
   * Asks it to end, then ends it with everything that it started. Again does nothing, but waits for
   * another thread that is doing it.
   */
  @Override
  public synchronized void close() {
    if (!RUNNING.contains(this)) {
      return;
    }
    final List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
    family.add(process.toHandle());
    try {
      process.getOutputStream().close();
    } catch (final IOException gone) {
      // Its end of the pipe is closed, because it has ended.
    }
    try {
      process.waitFor(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (final InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroyForcibly);
    RUNNING.remove(this);
  }
}
