package io.sealgate.gateway.net;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The JDK's own tool for making certificates, which has no public interface in Java. */
final class Keytool {
  private static final int RUN_SECONDS_MAX = 60;
  private static final int OUTPUT_CHARS_MAX = 500;
  private static final File NOWHERE = new File("/dev/null");

  private Keytool() {}

  /**
   * Runs the tool to its end. Secrets go by file ({@code -storepass:file}), never as an argument.
   *
   * @throws IOException when it fails, with what it said
   */
  static void run(final String... arguments) throws IOException {
    final Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    if (!Files.isExecutable(tool)) {
      throw new ServerTlsException(
          tool + " is missing; run on a whole JDK, or set tls.mode to pem or pkcs12");
    }
    final List<String> command = new ArrayList<>(List.of(tool.toString()));
    command.addAll(List.of(arguments));
    final Path output = Files.createTempFile("sealgate-keytool", ".log");
    try {
      final ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(NOWHERE)
              .redirectOutput(output.toFile());
      // The gateway's own JVM flags are not meant for this one.
      builder.environment().remove("JDK_JAVA_OPTIONS");
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      final Process process = builder.start();
      await(process);
      if (process.exitValue() != 0) {
        final String said =
            new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                .strip()
                .replaceAll("\\s+", " ");
        throw new ServerTlsException(
            String.format(
                Locale.ROOT,
                "%s failed with status %d: %s",
                tool,
                process.exitValue(),
                said.substring(0, Math.min(said.length(), OUTPUT_CHARS_MAX))));
      }
    } finally {
      Files.delete(output);
    }
  }

  private static void await(final Process process) throws IOException {
    try {
      if (!process.waitFor(RUN_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new ServerTlsException(
            "keytool did not end within " + RUN_SECONDS_MAX + " s; is this machine overloaded?");
      }
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerTlsException("interrupted while keytool ran", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
