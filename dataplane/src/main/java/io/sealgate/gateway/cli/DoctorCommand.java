package io.sealgate.gateway.cli;

import io.sealgate.classify.Classifier;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.run.SignerSettings;
import io.sealgate.log.JcsWriter;
import io.sealgate.log.store.LogOptions;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.witness.WitnessCoverage;
import io.sealgate.signer.LogKeys;
import io.sealgate.signer.SignerConfig;
import io.sealgate.signer.SignerException;
import io.sealgate.signer.TokenProbe;
import io.sealgate.store.FlushProbe;
import io.sealgate.store.StoreEnv;
import io.sealgate.store.StoreException;
import io.sealgate.store.Volume;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at what the gateway stands on, measuring rather than asking. */
@Command(
    name = "doctor",
    description =
        "Check the data volume, its flush latency, the token, the PIN file and the log. Exit 0 when"
            + " all is well, 1 when something is not.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final int FLUSHES = 200;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final long MIB = 1L << 20;
  private static final int JDK_FEATURE = 25;

  @Mixin private ConfigOptions options;

  @Option(names = "--json", description = "Print the findings as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  private final List<Check> checks = new ArrayList<>();

  /** One thing looked at. */
  private record Check(String name, boolean ok, String detail) {}

  @Override
  public Integer call() {
    final GatewayConfig config = options.load();
    final SignerConfig signer = SignerSettings.of(config, false);
    volume(config);
    suspects(config.data());
    token(signer);
    log(signer);
    witnesses(config);
    content(config);
    versions();
    print();
    return checks.stream().allMatch(Check::ok) ? 0 : Main.EXIT_NO;
  }

  private void add(final String name, final boolean ok, final String detail) {
    checks.add(new Check(name, ok, detail));
  }

  private void volume(final GatewayConfig config) {
    final Path data = config.data();
    if (!Files.isDirectory(data)) {
      add("data", false, data + " does not exist; the first start makes it, or name another");
      return;
    }
    try {
      final Volume volume = Volume.of(data);
      final boolean accepted = Volume.accepted().contains(volume.type());
      add(
          "filesystem",
          volume.isDurable() || accepted,
          volume.type()
              + " on "
              + volume.device()
              + (volume.isDurable()
                  ? ""
                  : accepted
                      ? ", accepted by " + Volume.ACCEPT_VARIABLE + ": data may be lost"
                      : ", where a flush is no promise; use ext4, xfs, btrfs or zfs"));
      final long reserve = LogOptions.defaults().reserveBytes();
      add(
          "free-space",
          volume.usableBytes() > 2 * reserve,
          volume.usableBytes() / MIB
              + " MiB free; nothing is sealed below "
              + reserve / MIB
              + " MiB");
      final FlushProbe flush = FlushProbe.measure(data, FLUSHES);
      add(
          "flush-latency",
          flush.p99Nanos() / NANOS_PER_MILLI < config.limits().sealDeadlineMs() / 2.0,
          String.format(
              Locale.ROOT,
              "p50 %.2f ms, p99 %.2f ms, max %.2f ms of %d flushes",
              flush.p50Nanos() / NANOS_PER_MILLI,
              flush.p99Nanos() / NANOS_PER_MILLI,
              flush.maxNanos() / NANOS_PER_MILLI,
              flush.samples()));
    } catch (final StoreException e) {
      add("volume", false, e.getMessage());
    }
  }

  private void suspects(final Path data) {
    try {
      final List<Path> suspects = StoreEnv.suspectsBelow(data);
      add(
          "failed-flushes",
          suspects.isEmpty(),
          suspects.isEmpty()
              ? "none"
              : suspects + " saw a flush fail; check the disk, the next start verifies them");
    } catch (final StoreException e) {
      add("failed-flushes", false, e.getMessage());
    }
  }

  private void token(final SignerConfig signer) {
    final String pin = TokenProbe.pinFileTrouble(signer);
    add("pin-file", pin.isEmpty(), pin.isEmpty() ? signer.pinFile() + ", its owner's alone" : pin);
    for (final TokenProbe probe : TokenProbe.all(signer)) {
      add(
          "token",
          probe.trouble().isEmpty(),
          probe.key()
              + (probe.trouble().isEmpty()
                  ? String.format(
                      Locale.ROOT,
                      " signs and verifies: p50 %.2f ms, %.0f/s in one session",
                      probe.signNanosP50() / NANOS_PER_MILLI,
                      probe.signaturesPerSecond())
                  : ": " + probe.trouble()));
    }
  }

  private void log(final SignerConfig signer) {
    try {
      final List<LogKeys.Known> known = new LogKeys(signer).list();
      final boolean signing = known.stream().anyMatch(LogKeys.Known::signing);
      add(
          "log-head",
          signing || known.isEmpty(),
          known.isEmpty()
              ? "the log is not begun"
              : signing
                  ? "the newest head is signed by a trusted key"
                  : "no trusted key signed the newest head; run: sealgate verify");
    } catch (final SignerException e) {
      add("log-head", false, e.getMessage());
    }
  }

  private void witnesses(final GatewayConfig config) {
    if (config.witnesses().ask().isEmpty()) {
      add("witnesses", true, "none is asked (witnesses.ask)");
      return;
    }
    try (LogReader log = LogReader.openCosigned(config.data())) {
      final WitnessCoverage coverage = WitnessCoverage.of(log);
      add(
          "witnesses",
          !WitnessCommand.late(config, coverage),
          config.witnesses().quorum()
              + " of "
              + config.witnesses().ask().size()
              + " must cosign; "
              + WitnessCommand.text(coverage));
    } catch (final IOException e) {
      add("witnesses", false, e.getMessage());
    }
  }

  private void content(final GatewayConfig config) {
    final Path folder = new DataFolder(config.data()).content();
    if (!Files.isDirectory(folder)) {
      add("content", true, "none is kept");
      return;
    }
    final int retention = config.content().retentionDays();
    try (Stream<Path> below = Files.walk(folder)) {
      final Set<LocalDate> days = new TreeSet<>();
      long bytes = 0;
      for (final Path path : below.toList()) {
        if (path.getParent().equals(folder)) {
          days.add(LocalDate.parse(path.getFileName().toString()));
        }
        bytes += Files.isRegularFile(path) ? Files.size(path) : 0;
      }
      final LocalDate oldest = LocalDate.now(ZoneOffset.UTC).minusDays(retention);
      final boolean overdue = days.stream().anyMatch(day -> day.isBefore(oldest));
      add(
          "content",
          !overdue,
          "%d MiB of %d days, each kept for %d days%s"
              .formatted(
                  bytes / MIB,
                  days.size(),
                  retention,
                  overdue ? "; some are older: only a running gateway deletes them" : ""));
    } catch (final IOException | DateTimeException e) {
      add("content", false, "cannot be looked at: " + e.getMessage());
    }
  }

  private void versions() {
    final Runtime.Version jdk = Runtime.version();
    add("jdk", jdk.feature() == JDK_FEATURE, jdk + ", wanted " + JDK_FEATURE);
    add("lmdb", true, StoreEnv.lmdbVersion());
    try (Classifier classifier = Classifier.compile(List.of())) {
      add("classifier", true, classifier.engine() + ", rules " + classifier.digest());
    } catch (final ClassifierException e) {
      add("classifier", false, e.getMessage());
    }
    add("kernel", true, System.getProperty("os.name") + " " + System.getProperty("os.version"));
  }

  private void print() {
    final PrintWriter out = spec.commandLine().getOut();
    if (json) {
      final JcsWriter writer = new JcsWriter().beginObject().name("checks").beginArray();
      for (final Check check : checks) {
        writer.beginObject().name("detail").value(check.detail());
        writer.name("name").value(check.name()).name("ok").value(check.ok()).endObject();
      }
      final boolean healthy = checks.stream().allMatch(Check::ok);
      writer.endArray().name("healthy").value(healthy).endObject();
      out.println(new String(writer.toByteArray(), StandardCharsets.UTF_8));
    } else {
      for (final Check check : checks) {
        out.printf(
            Locale.ROOT,
            "%-4s  %-14s  %s%n",
            check.ok() ? "ok" : "BAD",
            check.name(),
            check.detail());
      }
    }
    out.flush();
  }
}
