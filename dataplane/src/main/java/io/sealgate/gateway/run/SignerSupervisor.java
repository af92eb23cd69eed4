package io.sealgate.gateway.run;

import io.sealgate.signer.ExitCode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the signer process alive: starts it, tells at once when it ends, starts it again. A signer
 * that refuses its configuration is not started again, because repeated wrong logins lock tokens.
 */
final class SignerSupervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SignerSupervisor.class);
  private static final long PAUSE_MILLIS_MIN = 100;
  private static final long PAUSE_MILLIS_MAX = 5_000;
  private static final long STEADY_NANOS = 10_000_000_000L;
  private static final long STOP_SECONDS = 15;

  private final List<String> command;
  private final Map<String, String> environment;
  private final Runnable onDeath;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile Process process;
  private volatile boolean refused;

  /**
   * @param arguments of the {@code signer} command
   * @param environment what the PKCS#11 module needs to find in it
   * @param onDeath called on the supervisor's thread whenever the process has ended
   */
  SignerSupervisor(
      final List<String> arguments, final Map<String, String> environment, final Runnable onDeath) {
    this.command = command(arguments);
    this.environment = environment;
    this.onDeath = onDeath;
    this.thread = Thread.ofPlatform().name("sealgate-supervisor").daemon().unstarted(this::loop);
  }

  /** The same JVM, flags and class path; a session of its own, so that Ctrl-C reaches us first. */
  private static List<String> command(final List<String> arguments) {
    final List<String> command = new ArrayList<>();
    command.add("setsid");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("--")
          || flag.startsWith("-XX:+UseCompact")
          || flag.startsWith("-Djava.util.logging.")) {
        command.add(flag);
      }
    }
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xms64m",
            "-Xmx256m",
            "-XX:MaxDirectMemorySize=256m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            "io.sealgate.gateway.cli.Main",
            "signer"));
    command.addAll(arguments);
    return List.copyOf(command);
  }

  void start() {
    thread.start();
  }

  /** The running process, or null between two of them. */
  Process process() {
    final Process current = process;
    return current != null && current.isAlive() ? current : null;
  }

  /** Whether the signer said that it can never start with this configuration. */
  boolean refused() {
    return refused;
  }

  private void loop() {
    long pauseMillis = PAUSE_MILLIS_MIN;
    while (stopping.getCount() > 0) {
      final long started = System.nanoTime();
      final int status = runOnce();
      if (stopping.getCount() == 0) {
        return;
      }
      onDeath.run();
      if (status == ExitCode.CONFIGURATION.status()) {
        refused = true;
        LOG.error("the signer refuses its configuration; calls are denied until a restart");
        return;
      }
      pauseMillis =
          System.nanoTime() - started > STEADY_NANOS
              ? PAUSE_MILLIS_MIN
              : Math.min(PAUSE_MILLIS_MAX, pauseMillis * 2);
      LOG.warn("the signer ended with status {}; starting it again", status);
      try {
        if (stopping.await(pauseMillis, TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (final InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private int runOnce() {
    try {
      final ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      process = builder.start();
      return process.waitFor();
    } catch (final IOException e) {
      LOG.error("the signer cannot be started: {}", e.getMessage());
      return ExitCode.INTERNAL.status();
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.INTERNAL.status();
    }
  }

  /** Stops the signer: its standard input ends, which it takes as the wish to stop cleanly. */
  @Override
  public void close() {
    stopping.countDown();
    final Process last = process;
    if (last == null) {
      return;
    }
    try {
      last.getOutputStream().close();
      if (!last.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.error("the signer did not stop within {} s; killed", STOP_SECONDS);
        last.destroyForcibly().waitFor();
      }
    } catch (final IOException e) {
      last.destroyForcibly();
    } catch (final InterruptedException e) {
      last.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
