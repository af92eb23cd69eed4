package io.sealgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.cli.Commands.Said;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.run.SignerSettings;
import io.sealgate.gateway.testkit.Until;
import io.sealgate.log.JcsReader;
import io.sealgate.signer.SignerConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's key commands and the doctor, on a real token and a real log. */
class KeyCommandTest {
  private static final Pattern FINGERPRINT = Pattern.compile("fingerprint {3}([0-9a-f]{16})");

  @TempDir private Path folder;

  private Said run(final String... arguments) {
    final String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--data";
    all[arguments.length + 1] = folder.resolve("data").toString();
    return Commands.run(all);
  }

  private static Said done(final Said said) {
    assertEquals(0, said.exit(), said.toString());
    return said;
  }

  private Path attestation() throws IOException {
    return Files.write(folder.resolve("attestation"), new byte[] {1, 2, 3});
  }

  @Test
  void shouldLeadAKeyThroughItsLife() throws Exception {
    assertEquals(Main.EXIT_NO, run("key", "status").exit(), "no log, no key");
    final String made = done(run("key", "init")).out();
    assertTrue(made.startsWith("verifier key: sealgate.local/gateway/audit/"), made);
    // The first writer of the log puts the key into it.
    assertTrue(done(run("key", "attest", attestation().toString())).out().contains("sealed"));
    final String listed = done(run("key", "list")).out();
    assertTrue(listed.contains("  signing    "), listed);
    assertTrue(listed.contains("AES-256 'sealgate-log-content': the signer does not"), listed);
    done(run("key", "rotate", "second"));
    final Map<?, ?> during =
        (Map<?, ?>) JcsReader.parse(json(done(run("key", "status", "--json"))));
    assertEquals(List.of("second", "sealgate-log"), during.get("ring"));
    done(run("key", "retire", "sealgate-log"));
    final List<?> keys = (List<?>) JcsReader.parse(json(done(run("key", "list", "--json"))));
    assertEquals(2, keys.size());
    assertEquals(false, ((Map<?, ?>) keys.get(0)).get("signing"));
    assertEquals(true, ((Map<?, ?>) keys.get(1)).get("signing"));
    assertEquals(0, run("verify").exit());
    final Said last = run("key", "retire", "second");
    assertFalse(last.exit() == 0);
    assertTrue(last.err().contains("rotate to a new key first"), last.err());
    assertFalse(last.err().contains("\tat "), last.err());
  }

  private static byte[] json(final Said said) {
    return said.out().strip().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void shouldFindAHealthyFolderHealthyAndSayWhatIsNot() throws Exception {
    final Said nothing = run("doctor");
    assertEquals(Main.EXIT_NO, nothing.exit());
    assertTrue(nothing.out().contains("BAD   data"), nothing.out());
    done(run("key", "init"));
    final Said healthy = run("doctor", "--json");
    assertEquals(0, healthy.exit(), healthy.toString());
    final Map<?, ?> report = (Map<?, ?>) JcsReader.parse(json(healthy));
    assertEquals(true, report.get("healthy"));
    assertTrue(healthy.out().contains("flush-latency"), healthy.out());
    assertTrue(healthy.out().contains("signs and verifies"), healthy.out());
    final Path day = Files.createDirectories(folder.resolve("data/content/2020-01-01"));
    final Said overdue = run("doctor");
    assertEquals(Main.EXIT_NO, overdue.exit());
    assertTrue(overdue.out().contains("BAD   content"), overdue.out());
    Files.delete(day);
    assertEquals(0, run("doctor").exit());

    final Path pin = folder.resolve("data/secrets/token-pin");
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-r--r--"));
    final Said loose = run("doctor");
    assertEquals(Main.EXIT_NO, loose.exit());
    assertTrue(loose.out().contains("BAD   pin-file"), loose.out());
    assertTrue(loose.out().contains("chmod 600"), loose.out());
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));

    final Path shard = Files.createDirectories(folder.resolve("data/log/2026q4"));
    Files.write(shard.resolve("data.mdb"), new byte[0]);
    Files.writeString(shard.resolve("suspect"), "a flush failed\n");
    final Said suspect = run("doctor");
    assertEquals(Main.EXIT_NO, suspect.exit());
    assertTrue(suspect.out().contains("BAD   failed-flushes"), suspect.out());
  }

  @Test
  void shouldSealACeremonyThatTwoPeopleConfirmed() throws Exception {
    final StringWriter said = new StringWriter();
    try (PipedOutputStream typed = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(typed);
        ExecutorService room = Executors.newSingleThreadExecutor()) {
      final Future<Boolean> held =
          room.submit(() -> new KeyCeremony(new PrintWriter(said, true), in, signer()).hold());
      typed.write("Ada\nGrace\nyes\nyes\n".getBytes(StandardCharsets.UTF_8));
      typed.flush();
      final String digits =
          Until.value(
              "the ceremony says the key's fingerprint",
              () -> {
                final Matcher fingerprint = FINGERPRINT.matcher(said.toString());
                return fingerprint.find() ? fingerprint.group(1) : null;
              });
      typed.write((digits + "\n" + digits.toUpperCase() + "\n").getBytes(StandardCharsets.UTF_8));
      typed.flush();
      assertTrue(held.get(30, TimeUnit.SECONDS), said.toString());
    }
    assertTrue(said.toString().contains("WRITE DOWN"), said.toString());
    final Said tail = done(run("audit", "tail", "--json"));
    assertTrue(tail.out().contains("\"event\":\"ceremony\""), tail.out());
    assertFalse(tail.out().contains("Ada"), "names stay out of the log");
    assertEquals(0, run("verify").exit());
  }

  @Test
  void shouldSealNothingWhenACeremonyIsNotConfirmed() throws Exception {
    for (final String answers : List.of("Ada\nAda\n", "Ada\nGrace\nno\n")) {
      assertFalse(ceremony(answers));
      assertFalse(Files.exists(folder.resolve("data/log")));
    }
    assertFalse(ceremony("Ada\nGrace\nyes\nyes\n0000000000000000\n"));
    assertFalse(Files.exists(folder.resolve("data/log/ceremonies")));
    assertThrows(IOException.class, () -> ceremony("Ada\n"));
  }

  private boolean ceremony(final String answers) throws Exception {
    return new KeyCeremony(
            new PrintWriter(new StringWriter()),
            new ByteArrayInputStream(answers.getBytes(StandardCharsets.UTF_8)),
            signer())
        .hold();
  }

  private SignerConfig signer() {
    return SignerSettings.of(GatewayConfig.defaults().withData(folder.resolve("data")), false);
  }
}
