package io.sealgate.perf;

import io.sealgate.gateway.config.Transport;
import io.sealgate.perf.load.LoadDriver;
import io.sealgate.perf.load.LoadException;
import io.sealgate.perf.load.LoadPlan;
import io.sealgate.perf.load.LoadRun;
import io.sealgate.perf.load.LoadTarget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Measures every target against one and the same upstream process, one target at a time. Each is
 * started, warmed up at saturation, measured there, measured at the fixed rate, and stopped.
 */
final class GatewaySuite {
  private static final Duration READY_LIMIT = Duration.ofSeconds(90);

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private static final Duration WARM_UP_AT_RATE = Duration.ofSeconds(2);

  /** The upstream needs little memory, and shares the machine with what is measured. */
  private static final List<String> UPSTREAM_FLAGS = List.of("-Xms64m", "-Xmx128m");

  private final Options options;
  private final Consumer<String> progress;
  private final WorkDirectory work;
  private final WorkDirectory sharedMemory;
  private final LoadDriver driver;

  /**
   * What to measure.
   *
   * @param warmUp time at saturation before anything of a target is measured
   * @param measured time of each run
   * @param rate calls a second of the fixed-rate runs
   * @param connections of the load generator
   * @param transport of the gateway
   * @param directory parent of the data of this run, on the disk to be measured
   */
  record Options(
      Duration warmUp,
      Duration measured,
      int rate,
      int connections,
      Transport transport,
      Path directory) {}

  /** Where a target listens and whose processor time is its own. */
  private record Running(
      LoadTarget target, Supplier<List<Long>> own, Supplier<List<Long>> others) {}

  private GatewaySuite(
      final Options options,
      final Consumer<String> progress,
      final WorkDirectory work,
      final WorkDirectory sharedMemory,
      final LoadDriver driver) {
    this.options = options;
    this.progress = progress;
    this.work = work;
    this.sharedMemory = sharedMemory;
    this.driver = driver;
  }

  /**
   * Runs the suite; leaves no process and no file behind.
   *
   * @param progress told in words what happens
   * @throws BenchException when a target cannot be started or does not answer every call with 200
   */
  static GatewayReport.Content run(final Options options, final Consumer<String> progress)
      throws BenchException, InterruptedException {
    try (WorkDirectory work = WorkDirectory.in(options.directory());
        WorkDirectory sharedMemory = WorkDirectory.in(SHARED_MEMORY);
        LoadDriver driver = new LoadDriver()) {
      return new GatewaySuite(options, progress, work, sharedMemory, driver).measure();
    } catch (final IOException failed) {
      throw new BenchException("the suite cannot use its files: " + failed.getMessage(), failed);
    }
  }

  private GatewayReport.Content measure() throws BenchException, IOException, InterruptedException {
    progress.accept("measuring flushes and signatures");
    final Baselines baselines = Baselines.measure(work.make("baselines"));
    final Optional<Path> haProxy = HaProxy.find(work.path());
    Optional<String> haProxyVersion = Optional.empty();
    final List<Row> rows = new ArrayList<>();
    final Path ready = work.path().resolve("upstream.ready");
    try (ChildProcess upstream =
        ChildProcess.java(
            "the upstream",
            UPSTREAM_FLAGS,
            BenchUpstream.class,
            List.of(ready.toString()),
            work.path().resolve("upstream.log"))) {
      final int port = Integer.parseInt(upstream.awaitFile(ready, READY_LIMIT));
      final InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
      rows.add(row(Row.Target.DIRECT, running(address)));
      if (haProxy.isPresent()) {
        try (HaProxy.Running running =
            HaProxy.start(haProxy.get(), address, work.make("haproxy"))) {
          haProxyVersion = Optional.of(running.version());
          rows.add(row(Row.Target.HAPROXY, running(running)));
        }
      } else {
        progress.accept("HAProxy is skipped: it is not installed (apt-get install haproxy)");
      }
      for (final Row.Target target : Row.Target.values()) {
        if (target.gateway()) {
          rows.add(gateway(target, address));
        }
      }
    }
    return new GatewayReport.Content(
        options, Machine.of(work.path()), haProxyVersion, baselines, rows);
  }

  private Row gateway(final Row.Target target, final InetSocketAddress upstream)
      throws BenchException, IOException, InterruptedException {
    try (GatewayProcess gateway =
        GatewayProcess.start(
            target.name(),
            options.transport(),
            upstream,
            work.make(target.name()),
            sharedMemory.path().resolve(target.name()))) {
      final ChildProcess process = gateway.process();
      return row(
          target,
          new Running(
              LoadTarget.chat(gateway.address(), Optional.of(gateway.apiKey())),
              () -> List.of(process.pid()),
              process::descendants));
    }
  }

  private static Running running(final InetSocketAddress upstream) {
    return new Running(LoadTarget.chat(upstream, Optional.empty()), List::of, List::of);
  }

  private static Running running(final HaProxy.Running proxy) {
    return new Running(
        LoadTarget.chat(proxy.address(), Optional.empty()), proxy.process()::descendants, List::of);
  }

  private Row row(final Row.Target target, final Running running)
      throws BenchException, IOException, InterruptedException {
    progress.accept("measuring: " + target.title());
    final LoadPlan saturation =
        LoadPlan.saturation(options.connections(), options.warmUp(), options.measured());
    final LoadPlan atRate =
        LoadPlan.atRate(options.rate(), options.connections(), WARM_UP_AT_RATE, options.measured());
    try {
      return new Row(target, measure(running, saturation), measure(running, atRate));
    } catch (final LoadException failed) {
      throw new BenchException(target.title() + ": " + failed.getMessage(), failed);
    }
  }

  private Row.Measured measure(final Running running, final LoadPlan plan)
      throws LoadException, IOException, InterruptedException {
    final LoadRun run = driver.start(running.target(), plan);
    run.awaitMeasuring();
    final Usage before = Usage.now(running);
    run.awaitMeasured();
    final Usage used = Usage.now(running).minus(before);
    return new Row.Measured(
        run.result().requireClean(),
        running.own().get().isEmpty()
            ? Optional.empty()
            : Optional.of(new Row.Cpu(used.own(), used.others())),
        used.foreignShare(plan.measured()));
  }

  /** Processor time so far: of the target, of what it started, of the suite with all, of all. */
  private record Usage(Duration own, Duration others, Duration suite, Duration machine) {
    static Usage now(final Running running) throws IOException {
      final ProcessHandle self = ProcessHandle.current();
      final List<Long> family = new ArrayList<>(List.of(self.pid()));
      self.descendants().map(ProcessHandle::pid).forEach(family::add);
      return new Usage(
          CpuTime.of(running.own().get()),
          CpuTime.of(running.others().get()),
          CpuTime.of(family),
          CpuTime.ofMachine());
    }

    Usage minus(final Usage before) {
      return new Usage(
          own.minus(before.own),
          others.minus(before.others),
          suite.minus(before.suite),
          machine.minus(before.machine));
    }

    double foreignShare(final Duration window) {
      final double capacity =
          (double) window.toNanos() * Runtime.getRuntime().availableProcessors();
      return Math.max(0, machine.minus(suite).toNanos() / capacity);
    }
  }
}
