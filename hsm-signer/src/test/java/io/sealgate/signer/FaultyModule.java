package io.sealgate.signer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sealgate.signer.token.SoftHsm;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/** SoftHSM behind a module, compiled here, that delays, hangs or fails chosen tokens. */
record FaultyModule(Path module, Path control) {
  private static final String SOURCE = "faulty-module.c";

  /** Compiles the module into a folder; without a C compiler the test is skipped. */
  static FaultyModule in(Path dir) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/cc")), "no C compiler (/usr/bin/cc)");
    Path control = Files.createDirectories(dir.resolve("control"));
    Path source = dir.resolve(SOURCE);
    Path module = dir.resolve("faulty-module.so");
    try (InputStream in = FaultyModule.class.getResourceAsStream(SOURCE)) {
      Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
    }
    Path output = dir.resolve("cc.log");
    Process compiler =
        new ProcessBuilder(
                "/usr/bin/cc",
                "-shared",
                "-fPIC",
                "-std=gnu11",
                "-O1",
                "-DCONTROL=\"" + control + "\"",
                "-DTARGET=\"" + SoftHsm.findModule() + "\"",
                "-o",
                module.toString(),
                source.toString(),
                "-ldl")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(compiler.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, compiler.exitValue(), Files.readString(output));
    return new FaultyModule(module, control);
  }

  private void order(String label, int what) throws Exception {
    Path fresh = control.resolve(label + ".new");
    Files.writeString(fresh, Integer.toString(what));
    Files.move(fresh, control.resolve(label), StandardCopyOption.ATOMIC_MOVE);
  }

  void delay(String label, int millis) throws Exception {
    order(label, millis);
  }

  void hang(String label) throws Exception {
    order(label, -1);
  }

  void die(String label) throws Exception {
    order(label, -2);
  }

  void heal(String label) throws Exception {
    order(label, 0);
  }
}
