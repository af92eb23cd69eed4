package io.sealgate.perf;

import io.sealgate.signer.token.SoftHsm;
import io.sealgate.signer.token.TokenException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** SoftHSM behind a module, compiled here, that takes as long as a real HSM. */
final class SlowToken {
  /** About what an HSM in the network takes. */
  static final int MICROS = 1_000;

  private static final Path COMPILER = Path.of("/usr/bin/cc");
  private static final String SOURCE = "slow-token.c";
  private static final long COMPILE_SECONDS = 60;

  private SlowToken() {}

  /** The module, made in a folder; empty without a C compiler. */
  static Optional<Path> in(final Path directory)
      throws BenchException, IOException, InterruptedException {
    if (!Files.isExecutable(COMPILER)) {
      return Optional.empty();
    }
    final Path source = directory.resolve(SOURCE);
    try (InputStream in = SlowToken.class.getResourceAsStream(SOURCE)) {
      Files.copy(in, source);
    }
    final Path module = directory.resolve("libsofthsm-slow.so");
    final Path output = directory.resolve("cc.log");
    final Process compiler =
        new ProcessBuilder(
                COMPILER.toString(),
                "-shared",
                "-fPIC",
                "-std=gnu11",
                "-O1",
                "-DMICROS=" + MICROS,
                "-DTARGET=\"" + target() + "\"",
                "-o",
                module.toString(),
                source.toString(),
                "-ldl")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!compiler.waitFor(COMPILE_SECONDS, TimeUnit.SECONDS) || compiler.exitValue() != 0) {
      compiler.destroyForcibly();
      throw new BenchException(
          "the slow token does not compile: "
              + Files.readString(output, StandardCharsets.ISO_8859_1));
    }
    return Optional.of(module);
  }

  private static String target() throws BenchException {
    try {
      return SoftHsm.findModule().toString();
    } catch (final TokenException absent) {
      throw new BenchException(absent.getMessage(), absent);
    }
  }
}
