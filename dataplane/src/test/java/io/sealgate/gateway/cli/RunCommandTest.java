package io.sealgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.testkit.ProcessGateway;
import io.sealgate.gateway.testkit.ProcessGateway.Answer;
import io.sealgate.gateway.testkit.ProcessGateway.Finished;
import io.sealgate.gateway.testkit.Until;
import io.sealgate.log.Vkey;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: its start, its ends, and what it leaves. */
class RunCommandTest {
  private static final int SIGTERM_STATUS = 128 + 15;
  private static final int SIGINT_STATUS = 128 + 2;

  @TempDir private Path folder;

  @Test
  void shouldKeepKeysAndLogWhenStoppedAndStartedAgain() throws Exception {
    final Map<String, Object> first;
    final long records;
    try (ProcessGateway gateway = ProcessGateway.start(folder, "delay-ms: 700")) {
      first = gateway.ready();
      theReadyFileIsComplete(gateway);
      stopsCleanlyDuringACall(gateway, "TERM", false, SIGTERM_STATUS);
      final VerifyReport report = DataVerifier.verify(gateway.data());
      assertTrue(report.ok(), report.toString());
      records = report.records();
    }
    try (ProcessGateway gateway = ProcessGateway.start(folder, "delay-ms: 700")) {
      assertEquals(first.get("apiKey"), gateway.ready("apiKey"));
      assertEquals(first.get("logVkey"), gateway.ready("logVkey"));
      final Answer answer = gateway.chat((String) first.get("apiKey"), "once more");
      assertEquals(200, answer.status(), answer.toString());
      assertTrue(answer.record().orElseThrow() >= records, answer + ", had " + records);
      stopsCleanlyDuringACall(gateway, "INT", true, SIGINT_STATUS);
      final VerifyReport report = DataVerifier.verify(gateway.data());
      assertTrue(report.ok(), report.toString());
      assertTrue(report.records() > records);
    }
  }

  private static void theReadyFileIsComplete(final ProcessGateway gateway) {
    final Map<String, Object> ready = gateway.ready();
    assertEquals(
        Set.of(
            "http",
            "https",
            "admin",
            "apiKey",
            "model",
            "gatewayPid",
            "signerPid",
            "logVkey",
            "data"),
        ready.keySet());
    ready.forEach((name, value) -> assertNotNull(value, name));
    assertTrue(gateway.ready("http").startsWith("http://127.0.0.1:"));
    assertTrue(gateway.ready("https").startsWith("https://127.0.0.1:"));
    assertTrue(gateway.ready("admin").startsWith("http://127.0.0.1:"));
    assertEquals("loopback-1", ready.get("model"));
    assertEquals(gateway.process().pid(), number(ready, "gatewayPid"));
    assertEquals(gateway.signer().orElseThrow().pid(), number(ready, "signerPid"));
    assertEquals(gateway.data().toAbsolutePath().toString(), ready.get("data"));
    assertDoesNotThrow(() -> Vkey.parse(gateway.ready("logVkey")));
  }

  private static long number(final Map<String, Object> members, final String name) {
    return ((Number) members.get(name)).longValue();
  }

  private static void stopsCleanlyDuringACall(
      final ProcessGateway gateway, final String signal, final boolean group, final int status)
      throws Exception {
    final long before = gateway.receivedByModel();
    final CompletableFuture<Answer> inFlight =
        CompletableFuture.supplyAsync(() -> call(gateway, "in flight"));
    Until.holds("the call with the model", () -> gateway.receivedByModel() > before);
    gateway.signal(signal, group);
    final Answer answer = inFlight.get(Until.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals(200, answer.status(), answer.toString());
    assertEquals(status, gateway.awaitEnd());
    final long signer = number(gateway.ready(), "signerPid");
    Until.holds("the end of the signer", () -> ProcessGateway.gone(signer));
    assertFalse(Files.exists(gateway.data().resolve("run/gateway.json")));
  }

  private static Answer call(final ProcessGateway gateway, final String prompt) {
    try {
      return gateway.chat(prompt);
    } catch (final IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldRefuseASecondGatewayAndLeaveNoSignerWhenKilled() throws Exception {
    try (ProcessGateway gateway = ProcessGateway.start(folder)) {
      final Path config = folder.resolve("sealgate.yaml");
      final Finished second =
          ProcessGateway.run(
              folder, "run", "--config", config.toString(), "--data", gateway.data().toString());
      assertEquals(Main.EXIT_MISSING, second.exit(), second.output());
      assertTrue(second.output().contains("in use"), second.output());
      noStackTrace(second.output());
      assertEquals(200, gateway.chat("unharmed").status());
      assertTrue(Files.exists(gateway.data().resolve("run/gateway.json")));

      gateway.signal("KILL", false);
      assertNotEquals(0, gateway.awaitEnd());
      final long signer = number(gateway.ready(), "signerPid");
      Until.holds("the end of the signer", () -> ProcessGateway.gone(signer));
      final VerifyReport report = DataVerifier.verify(gateway.data());
      assertTrue(report.ok(), report.toString());
    }
    try (ProcessGateway again = ProcessGateway.start(folder)) {
      assertEquals(200, again.chat("after the crash").status());
    }
  }

  @Test
  void shouldNameFileAndLineWhenTheConfigurationHasAnUnknownKey() throws Exception {
    final Path config = folder.resolve("sealgate.yaml");
    Files.writeString(config, "data: ./var\nlisten:\n  htpp:\n    port: 0\n");
    final Finished refused = ProcessGateway.run(folder, "run", "--config", config.toString());
    assertEquals(Main.EXIT_MISSING, refused.exit(), refused.output());
    assertTrue(refused.output().contains(config + ":3"), refused.output());
    assertTrue(refused.output().contains("htpp"), refused.output());
    noStackTrace(refused.output());
  }

  private static void noStackTrace(final String output) {
    assertFalse(output.contains("\tat "), output);
    assertFalse(output.contains("Exception in thread"), output);
  }

  @Test
  void shouldPrintAConfigurationThatReadsBack() throws Exception {
    final Commands.Said said =
        Commands.run("run", "--print-config", "--data", folder.resolve("x").toString());
    assertEquals(0, said.exit(), said.err());
    final Path printed = Files.writeString(folder.resolve("printed.yaml"), said.out());
    assertEquals(
        GatewayConfig.defaults().withData(folder.resolve("x")), GatewayConfig.load(printed));
  }
}
