package io.sealgate.perf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The plain proxy that ours is compared with: HTTP mode, connections kept alive on both sides. */
final class HaProxy {
  private static final int THREADS_MAX = 2;
  private static final Duration READY_LIMIT = Duration.ofSeconds(10);
  private static final long INSTALL_LIMIT_SECONDS = 180;
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Ends its program when its own input ends, because HAProxy itself reads none. */
  private static final String WITH_INPUT = "\"$@\" & child=$!; cat >/dev/null; kill $child; wait";

  /** A running one. */
  record Running(ChildProcess process, InetSocketAddress address, String version)
      implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }
  }

  private HaProxy() {}

  /** The program, installed if it is missing and this process may; empty when there is none. */
  static Optional<Path> find(final Path logDir) throws BenchException, InterruptedException {
    final Optional<Path> present = onPath();
    final boolean mayInstall =
        "root".equals(System.getProperty("user.name"))
            && System.getenv("SEALGATE_NO_INSTALL") == null
            && Files.isExecutable(Path.of("/usr/bin/apt-get"));
    if (present.isPresent() || !mayInstall) {
      return present;
    }
    final Path log = logDir.resolve("apt-get.log");
    final ProcessBuilder install =
        new ProcessBuilder("apt-get", "install", "-y", "-qq", "--no-install-recommends", "haproxy")
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(log.toFile());
    install.environment().put("DEBIAN_FRONTEND", "noninteractive");
    try {
      final Process running = install.start();
      if (!running.waitFor(INSTALL_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        running.destroy();
      }
    } catch (final IOException failed) {
      throw new BenchException("cannot run apt-get: " + failed.getMessage(), failed);
    }
    return onPath();
  }

  /** Starts it before an upstream on this machine. */
  static Running start(final Path program, final InetSocketAddress upstream, final Path dir)
      throws BenchException, InterruptedException {
    final String version = version(program);
    try {
      final int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      final Path file = Files.writeString(dir.resolve("haproxy.cfg"), config(port, upstream));
      final InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
      final ChildProcess process =
          ChildProcess.start(
              "HAProxy",
              List.of(
                  "/bin/sh",
                  "-c",
                  WITH_INPUT,
                  "sh",
                  program.toString(),
                  "-db",
                  "-f",
                  file.toString()),
              dir.resolve("haproxy.log"));
      try {
        awaitListener(process, address);
      } catch (final BenchException failed) {
        process.close();
        throw failed;
      }
      return new Running(process, address, version);
    } catch (final IOException failed) {
      throw new BenchException("cannot prepare HAProxy: " + failed.getMessage(), failed);
    }
  }

  private static String config(final int port, final InetSocketAddress upstream) {
    return """
    global
        maxconn 4096
        nbthread %d

    defaults
        mode http
        timeout connect 5s
        timeout client 60s
        timeout server 60s
        option http-keep-alive
        http-reuse always

    listen bench
        bind 127.0.0.1:%d
        server upstream 127.0.0.1:%d
    """
        .formatted(
            Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors()),
            port,
            upstream.getPort());
  }

  private static void awaitListener(final ChildProcess process, final InetSocketAddress address)
      throws BenchException {
    final long deadline = System.nanoTime() + READY_LIMIT.toNanos();
    while (true) {
      process.requireAlive();
      try (Socket probe = new Socket()) {
        probe.connect(address, 1_000);
        return;
      } catch (final IOException refused) {
        if (System.nanoTime() - deadline > 0) {
          throw new BenchException(
              "HAProxy does not listen; its last words:\n" + process.lastWords(), refused);
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  private static String version(final Path program) throws BenchException, InterruptedException {
    try {
      final Process asked =
          new ProcessBuilder(program.toString(), "-v").redirectErrorStream(true).start();
      final String said =
          new String(asked.getInputStream().readAllBytes()).lines().findFirst().orElse("");
      asked.waitFor(READY_LIMIT.toSeconds(), TimeUnit.SECONDS);
      final String[] words = said.split(" ");
      return words.length > 2 ? words[2] : said;
    } catch (final IOException failed) {
      throw new BenchException("cannot run " + program + ": " + failed.getMessage(), failed);
    }
  }

  /** PATH, and where Debian puts it, which is not on every user's PATH. */
  private static Optional<Path> onPath() {
    final String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin";
    return List.of(path.split(":")).stream()
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, "haproxy"))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
