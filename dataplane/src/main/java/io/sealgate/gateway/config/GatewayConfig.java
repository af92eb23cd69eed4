package io.sealgate.gateway.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Everything that one appliance is told by its operator, read once at start. Immutable.
 *
 * <p>The sections' records say what each key means; {@link ConfigReference} prints them all.
 * Relative paths are relative to the working directory of the process.
 */
public record GatewayConfig(
    @Setting(
            says =
                "Directory of everything the appliance keeps: the sealed log, policies,"
                    + " identities, secrets.",
            fallback = "./var",
            min = 1)
        Path data,
    @Setting(
            says =
                "How sockets are driven: io_uring, or epoll for kernels and sites that forbid"
                    + " io_uring. There is no silent fallback from one to the other.",
            fallback = "io_uring")
        Transport transport,
    @Setting(
            says =
                "Cores that run one pinned event loop each, such as [0, 1]. auto takes every core"
                    + " the process may use on machines of up to two cores, and leaves one core"
                    + " free on larger ones.",
            fallback = "auto")
        Cores cores,
    @Setting(says = "Where callers and operators connect. Port 0 takes a free port.")
        ListenConfig listen,
    @Setting(says = "The certificate and key of the https listener.") TlsConfig tls,
    @Setting(says = "What one caller, one connection and one call may take at most.")
        LimitsConfig limits,
    @Setting(says = "The classifier that finds personal data, secrets and injections in prompts.")
        ClassifierConfig classifier,
    @Setting(
            says = "Model providers. A model has exactly one upstream.",
            fallback = "[]",
            max = 256)
        List<UpstreamConfig> upstreams,
    @Setting(
            says =
                "The built-in model: answers by itself so that the gateway can be tried, tested"
                    + " and measured without a provider account. Switch it off in production.")
        LoopbackConfig loopback,
    @Setting(says = "The signer: the separate process that owns the HSM token and the sealed log.")
        SignerConfig signer,
    @Setting(
            says = "Collectors that every sealed record is sent on to, at least once, in order.",
            fallback = "[]",
            max = 16)
        List<ForwardConfig> forward,
    @Setting(says = "Witnesses: others that cosign the log's heads (C2SP tlog-witness).")
        WitnessesConfig witnesses,
    @Setting(says = "This appliance as a witness, so that appliances cosign each other.")
        WitnessServiceConfig witnessService,
    @Setting(says = "Prompts and answers that policies want kept, encrypted, beside the log.")
        ContentConfig content,
    @Setting(says = "The admin API and console.") AdminConfig admin,
    @Setting(
            says =
                "Names that the very first start gives to the first identity. Ignored once the"
                    + " data directory holds an identity.")
        BootstrapConfig bootstrap) {

  private static final long FILE_BYTES_MAX = 1 << 20;
  private static final int DIRECTORY_DIGEST_BYTES = 8;

  public GatewayConfig {
    upstreams = List.copyOf(upstreams);
    forward = List.copyOf(forward);
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException when it cannot be read, or holds anything but known keys and values in
   *     their ranges
   */
  public static GatewayConfig load(final Path file) {
    try {
      final long bytes = Files.size(file);
      if (bytes > FILE_BYTES_MAX) {
        throw new ConfigException(
            file.toString(), 0, "", "is " + bytes + " bytes; at most " + FILE_BYTES_MAX);
      }
      return parse(file.toString(), Files.readAllBytes(file));
    } catch (final NoSuchFileException absent) {
      throw new ConfigException(
          file.toString(),
          0,
          "",
          "does not exist; write one with: sealgate run --print-config > " + file);
    } catch (final IOException unreadable) {
      final ConfigException failure =
          new ConfigException(file.toString(), 0, "", "cannot be read: " + unreadable.getMessage());
      failure.initCause(unreadable);
      throw failure;
    }
  }

  /**
   * Reads a file's content. An empty content is {@link #defaults()}.
   *
   * @param name what errors call the file
   * @param utf8 YAML 1.2 in UTF-8
   * @throws ConfigException as {@link #load}
   */
  public static GatewayConfig parse(final String name, final byte[] utf8) {
    final ConfigDocument document = ConfigDocument.parse(name, utf8);
    final GatewayConfig config =
        new SectionReader(document).read(GatewayConfig.class, document.root());
    ConfigRules.check(config, document);
    return config;
  }

  /** What an empty file means: a complete local gateway with the built-in model. */
  public static GatewayConfig defaults() {
    return parse("defaults", new byte[0]);
  }

  /** The same configuration on another data directory, as {@code --data} asks for. */
  public GatewayConfig withData(final Path directory) {
    return new GatewayConfig(
        directory,
        transport,
        cores,
        listen,
        tls,
        limits,
        classifier,
        upstreams,
        loopback,
        signer,
        forward,
        witnesses,
        witnessService,
        content,
        admin,
        bootstrap);
  }

  /** Where the admin token lies: as configured, else {@code secrets/admin-token} in the data. */
  public Path adminTokenFile() {
    return admin.tokenFile().orElseGet(() -> data.resolve("secrets").resolve("admin-token"));
  }

  /** Where the token's user PIN lies: as configured, else {@code secrets/token-pin} in the data. */
  public Path signerPinFile() {
    return signer.pinFile().orElseGet(() -> data.resolve("secrets").resolve("token-pin"));
  }

  /**
   * The directory the gateway and the signer meet in: as configured, else one in {@code /dev/shm}
   * named by a digest of the data directory's real path, so that two appliances on one machine
   * never share it and both processes of one appliance find it.
   */
  public Path aeronDirectory() {
    return signer.aeronDir().orElseGet(() -> sharedMemoryDirectory(data));
  }

  private static Path sharedMemoryDirectory(final Path data) {
    try {
      final byte[] path = realPath(data).toString().getBytes(StandardCharsets.UTF_8);
      final byte[] digest = MessageDigest.getInstance("SHA-256").digest(path);
      return Path.of(
          "/dev/shm/sealgate-" + HexFormat.of().formatHex(digest, 0, DIRECTORY_DIGEST_BYTES));
    } catch (final NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }

  /** The real path of the deepest existing ancestor, followed by what does not exist yet. */
  private static Path realPath(final Path path) {
    final Path absolute = path.toAbsolutePath().normalize();
    for (Path existing = absolute; existing != null; existing = existing.getParent()) {
      if (Files.exists(existing)) {
        try {
          return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
        } catch (final IOException unreadable) {
          throw new UncheckedIOException("cannot resolve " + existing, unreadable);
        }
      }
    }
    return absolute;
  }
}
