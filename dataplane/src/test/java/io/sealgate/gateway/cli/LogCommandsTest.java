package io.sealgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.cli.Commands.Said;
import io.sealgate.gateway.testkit.ProcessGateway;
import io.sealgate.log.CoseReceipt;
import io.sealgate.log.Dsse;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with the log of a gateway that runs: copied, held, and signed for others. */
class LogCommandsTest {
  @TempDir private static Path folder;
  private static ProcessGateway gateway;
  private static String data;

  @BeforeAll
  static void start() throws IOException {
    gateway = ProcessGateway.start(folder);
    data = gateway.data().toString();
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  void shouldBackUpTheRunningLogAndVerifyTheCopy() throws Exception {
    assertEquals(200, gateway.chat("before the copy").status());
    final AtomicBoolean stop = new AtomicBoolean();
    final Path out = folder.resolve("copy");
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      final Future<Integer> calls =
          thread.submit(
              () -> {
                int good = 0;
                while (!stop.get()) {
                  good += gateway.chat("during the copy").status() == 200 ? 1 : 0;
                }
                return good;
              });
      final Said said;
      try {
        said = done("log", "backup", "--data", data, "--out", out.toString());
      } finally {
        stop.set(true);
      }
      assertTrue(said.out().contains("verified: "), said.out());
      assertTrue(calls.get() >= 0);
    }
    done("verify", "--data", out.toString());
    final Said again = Commands.run("log", "backup", "--data", data, "--out", out.toString());
    assertEquals(Main.EXIT_MISSING, again.exit());
    assertTrue(again.err().contains("is not empty"), again.err());
    final Path trust = out.resolve("log/trust");
    Files.writeString(trust, Files.readString(trust).replace("log ", "# log "));
    assertFalse(Commands.run("verify", "--data", out.toString()).exit() == 0, "keys decide");
  }

  @Test
  void shouldHoldShardsAndSealIt() throws Exception {
    final String shard = shard();
    assertTrue(done("log", "hold", "--data", data).out().contains(shard + "  not held"));
    done("log", "hold", "--data", data, "--shard", shard, "--reason", "case 7 of 2026");
    assertTrue(
        done("log", "hold", "--data", data).out().contains(shard + "  held: case 7 of 2026"));
    assertTrue(events().contains("legal-hold  " + shard), events());
    done("log", "hold", "--data", data, "--release");
    assertTrue(done("log", "hold", "--data", data).out().contains(shard + "  not held"));
    assertTrue(events().contains("legal-hold-release  " + shard), events());
    final String before = events();
    final Said unknown =
        Commands.run("log", "hold", "--data", data, "--shard", "1999q1", "--reason", "x");
    assertEquals(Main.EXIT_MISSING, unknown.exit());
    assertTrue(unknown.err().contains("there is no shard 1999q1"), unknown.err());
    assertEquals(
        Main.EXIT_MISSING, Commands.run("log", "hold", "--data", data, "--reason", " ").exit());
    assertEquals(2, Commands.run("log", "hold", "--reason", "x", "--release").exit());
    assertEquals(before, events(), "nothing is sealed that is not done");
  }

  private static String events() {
    return done("audit", "tail", "-n", "100", "--data", data).out();
  }

  private static String shard() throws IOException {
    return key().name().substring(key().name().lastIndexOf('/') + 1);
  }

  private static Vkey key() throws IOException {
    return TrustPolicy.read(gateway.data().resolve("log/trust")).logs().getFirst().key();
  }

  @Test
  void shouldSignARecordForOthers() throws Exception {
    final String index = gateway.chat("evidence in other forms").record().orElseThrow().toString();
    final byte[] record =
        done("audit", "show", "--json", "--data", data, index)
            .out()
            .strip()
            .getBytes(StandardCharsets.UTF_8);
    final Dsse envelope =
        Dsse.parse(
            done("audit", "show", "--view", "dsse", "--data", data, index)
                .out()
                .strip()
                .getBytes(StandardCharsets.UTF_8));
    assertArrayEquals(record, envelope.payload());
    assertTrue(envelope.isSignedBy(key()));
    final Path receipt = folder.resolve("one.cose");
    done("audit", "show", "--view", "cose", "--out", receipt.toString(), "--data", data, index);
    assertTrue(CoseReceipt.parse(Files.readAllBytes(receipt)).proves(record, key()));
    final String printed = done("audit", "show", "--view", "cose", "--data", data, index).out();
    assertTrue(
        CoseReceipt.parse(Base64.getDecoder().decode(printed.strip())).proves(record, key()));
    record[20] ^= 1;
    assertFalse(CoseReceipt.parse(Files.readAllBytes(receipt)).proves(record, key()));
  }

  @Test
  void shouldSignNothingWithoutThePin() throws Exception {
    final Path config = folder.resolve("no-pin.yaml");
    Files.writeString(
        config,
        "data: \"%s\"\nsigner: {pin-file: \"%s\"}\n".formatted(data, folder.resolve("no-pin")));
    final Said refused =
        Commands.run("audit", "show", "--view", "dsse", "--config", config.toString(), "0");
    assertTrue(refused.exit() != 0 && refused.err().contains("no-pin"), refused.toString());
    assertEquals("", refused.out());
  }

  private static Said done(final String... arguments) {
    final Said said = Commands.run(arguments);
    assertEquals(0, said.exit(), () -> List.of(arguments) + ": " + said);
    return said;
  }
}
