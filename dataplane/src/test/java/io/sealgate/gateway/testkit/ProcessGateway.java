package io.sealgate.gateway.testkit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A gateway as its users run it: a process of its own, in a session of its own, with its supervised
 * signer. {@link #close} stops both and fails when one of them stays.
 */
public final class ProcessGateway implements AutoCloseable {
  private static final String MAIN = "io.sealgate.gateway.cli.Main";
  private final Path data;
  private final Path output;
  private final Path received;
  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private Map<String, Object> ready = Map.of();

  private ProcessGateway(
      final Path data, final Path output, final Path received, final Process process) {
    this.data = data;
    this.output = output;
    this.received = received;
    this.process = process;
  }

  /** What a command said. */
  public record Finished(int exit, String output) {}

  /** An answer to a call. */
  public record Answer(int status, String body, Optional<Long> record, String requestId) {
    /** Whether the answer is this refusal. */
    public boolean refused(final int with, final String code) {
      return status == with && body.contains("\"" + code + "\"");
    }
  }

  /**
   * Starts a gateway on {@code folder/data} and returns when it accepts calls.
   *
   * @param folder gets the data, the configuration, the ready file and the process's output
   * @param loopback further keys of the configuration's loopback section, such as {@code delay-ms:
   *     500}
   */
  public static ProcessGateway start(final Path folder, final String... loopback)
      throws IOException {
    final ProcessGateway gateway = launch(folder, loopback);
    try {
      gateway.awaitReady(folder.resolve("ready.json"));
      return gateway;
    } catch (final AssertionError e) {
      gateway.close();
      throw e;
    }
  }

  private static ProcessGateway launch(final Path folder, final String... loopback)
      throws IOException {
    final Path data = folder.resolve("data");
    final Path received = folder.resolve("received.jsonl");
    final Path config = folder.resolve("sealgate.yaml");
    final Path ready = folder.resolve("ready.json");
    final StringBuilder yaml =
        new StringBuilder(
            "listen:\n  http:\n    port: 0\n  https:\n    port: 0\n  admin:\n    port: 0\n"
                + "loopback:\n  received-log: "
                + received
                + "\n");
    for (final String line : loopback) {
      yaml.append("  ").append(line).append('\n');
    }
    Files.writeString(config, yaml);
    Files.deleteIfExists(ready);
    final Path output = Files.createTempFile(folder, "gateway", ".log");
    final List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(
        command(
            "run",
            "--config",
            config.toString(),
            "--data",
            data.toString(),
            "--ready-file",
            ready.toString()));
    final Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new ProcessGateway(data, output, received, process);
  }

  /** Runs a command to its end in a JVM of its own. */
  public static Finished run(final Path folder, final String... arguments)
      throws IOException, InterruptedException {
    final Path output = Files.createTempFile(folder, "command", ".log");
    final Process process =
        new ProcessBuilder(command(arguments))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(Until.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("did not end: " + List.of(arguments) + Files.readString(output));
    }
    return new Finished(process.exitValue(), Files.readString(output));
  }

  /** The flags that this JVM was given for native access and the like; a small heap; fast start. */
  private static List<String> command(final String... arguments) {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX:+UseCompact"))
        .forEach(command::add);
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(List.of(arguments));
    return command;
  }

  private void awaitReady(final Path file) {
    Until.holds(
        "a gateway on " + data,
        () -> {
          if (!process.isAlive()) {
            throw new IOException("the gateway ended: " + output());
          }
          return Files.exists(file);
        });
    ready = json(file);
  }

  private static Map<String, Object> json(final Path file) {
    try {
      final Map<String, Object> members = new java.util.LinkedHashMap<>();
      ((Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)))
          .forEach((name, value) -> members.put((String) name, value));
      return members;
    } catch (final IOException e) {
      throw new AssertionError(file + " cannot be read", e);
    }
  }

  /** The members of the ready file. */
  public Map<String, Object> ready() {
    return ready;
  }

  /** A member of the ready file, as text. */
  public String ready(final String name) {
    return String.valueOf(ready.get(name));
  }

  /** The data folder. */
  public Path data() {
    return data;
  }

  /** The gateway's process. */
  public Process process() {
    return process;
  }

  /** What both processes have written so far. */
  public String output() throws IOException {
    return Files.readString(output);
  }

  /** Bodies that the model has received since the folder's first start. */
  public long receivedByModel() throws IOException {
    if (!Files.exists(received)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(received)) {
      return lines.count();
    }
  }

  /** Calls the model with the first key. */
  public Answer chat(final String prompt) throws IOException, InterruptedException {
    return chat(ready("apiKey"), prompt);
  }

  /** Calls the model. The prompt must need no JSON escapes. */
  public Answer chat(final String apiKey, final String prompt)
      throws IOException, InterruptedException {
    final HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(ready("http") + "/v1/chat/completions"))
                .timeout(Until.PATIENCE)
                .header("authorization", "Bearer " + apiKey)
                .header("content-type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"loopback-1\",\"messages\":[{\"role\":\"user\",\"content\":\""
                            + prompt
                            + "\"}]}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return new Answer(
        response.statusCode(),
        response.body(),
        response.headers().firstValue("x-sealgate-record").map(Long::valueOf),
        response.headers().firstValue("x-sealgate-request-id").orElse(null));
  }

  /** Sends an operator's request; returns the body of the answer, which must be a success. */
  public String admin(final String method, final String path, final String body)
      throws IOException, InterruptedException {
    final HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(ready("admin") + path))
                .timeout(Until.PATIENCE)
                .header(
                    "authorization",
                    "Bearer " + Files.readString(data.resolve("secrets/admin-token")).strip())
                .method(method, HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new AssertionError(method + " " + path + ": " + response.body());
    }
    return response.body();
  }

  /** The signer that runs now: a child of the gateway. */
  public Optional<ProcessHandle> signer() {
    return process.toHandle().children().filter(ProcessHandle::isAlive).findFirst();
  }

  /** Sends a signal by name, such as {@code INT}; to the whole process group when asked. */
  public void signal(final String name, final boolean group)
      throws IOException, InterruptedException {
    final String target = (group ? "-" : "") + process.pid();
    final int status =
        new ProcessBuilder("kill", "-s", name, "--", target).inheritIO().start().waitFor();
    if (status != 0) {
      throw new AssertionError("kill of " + target + " failed");
    }
  }

  /** Waits for the end of the gateway; returns its exit status. */
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(
        Until.PATIENCE.plus(Duration.ofSeconds(10)).toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the gateway did not end");
    }
    return process.exitValue();
  }

  /** Whether a process has ended. A child of the init process may stay as a zombie; that counts. */
  public static boolean gone(final long pid) throws IOException {
    final Path status = Path.of("/proc", Long.toString(pid), "stat");
    try {
      final String text = Files.readString(status);
      return text.charAt(text.lastIndexOf(')') + 2) == 'Z';
    } catch (final IOException e) {
      return !Files.exists(status) || ProcessHandle.of(pid).isEmpty();
    }
  }

  @Override
  public void close() {
    final Optional<ProcessHandle> signer = signer();
    process.destroy();
    try {
      if (!process.waitFor(Until.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (final InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      client.close();
    }
    if (signer.isPresent()) {
      try {
        Until.holds("the signer ends with its gateway", () -> gone(signer.get().pid()));
      } finally {
        signer.get().destroyForcibly();
      }
    }
  }
}
