package io.sealgate.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.SslContext;
import io.sealgate.gateway.net.ServerTls;
import io.sealgate.gateway.net.TlsFiles;
import io.sealgate.gateway.testkit.RunningGateway;
import io.sealgate.gateway.testkit.Until;
import io.sealgate.log.store.LogReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose log is sent on, seen from the collector. */
final class SyslogForwarderTest {
  private static final int TIMEOUT_MILLIS = 1_000;

  @TempDir private Path folder;
  private SslContext tls;

  @BeforeEach
  void certificate() throws IOException {
    tls = ServerTls.create(TlsFiles.development(), folder);
  }

  private RunningGateway gateway(final int port) throws Exception {
    return RunningGateway.start(
        folder,
        """
        forward:
          - name: siem
            host: localhost
            port: %d
            tls-ca: "%s"
            timeout-ms: %d
        """
            .formatted(port, folder.resolve("tls/development.pem"), TIMEOUT_MILLIS));
  }

  private Map<Long, String> sealed() throws IOException {
    final Map<Long, String> records = new TreeMap<>();
    try (LogReader log = LogReader.open(folder.resolve("data/log"))) {
      for (final String shard : log.shards()) {
        log.forEachRecord(
            shard,
            0,
            Long.MAX_VALUE,
            (index, record) -> {
              records.put(index, new String(record, StandardCharsets.UTF_8));
              return true;
            });
      }
    }
    return records;
  }

  private void untilComplete(final Collector... collectors) {
    Until.holds(
        "every sealed record has arrived with its exact bytes",
        () -> {
          final Map<Long, String> arrived = new TreeMap<>();
          for (final Collector collector : collectors) {
            collector.byIndex().forEach((index, message) -> arrived.put(index, message.record()));
          }
          return sealed().equals(arrived);
        });
    for (final Collector collector : collectors) {
      assertEquals(List.of(), collector.malformed());
    }
  }

  private static void calls(final RunningGateway gateway, final int count) throws Exception {
    for (int i = 0; i < count; i++) {
      assertEquals(200, gateway.post(RunningGateway.chat("loopback-1", "call " + i)).statusCode());
    }
  }

  @Test
  void shouldSendEveryRecordInOrderWithItsPlace() throws Exception {
    try (Collector collector = new Collector(tls, 0, true);
        RunningGateway gateway = gateway(collector.port())) {
      calls(gateway, 5);
      untilComplete(collector);
      long expected = 0;
      for (final Collector.Message message : collector.received()) {
        assertEquals(expected++, message.index());
        assertTrue(
            message.record().contains("\"kind\":\"" + message.kind() + "\"")
                || message.kind().equals("event") && message.record().contains("\"event\":"),
            message.toString());
        assertEquals(
            message.record().contains("\"time\":"),
            message.record().contains("\"time\":\"" + message.time() + "\""));
        assertEquals(13, message.priority() >> 3);
      }
      assertTrue(
          gateway.admin("GET", "/metrics", "").body().contains("sealgate_forward_connected"));
    }
  }

  @Test
  void shouldLoseNothingWhenTheCollectorIsAwayForAWhile() throws Exception {
    try (Collector first = new Collector(tls, 0, true);
        RunningGateway gateway = gateway(first.port())) {
      calls(gateway, 3);
      untilComplete(first);
      first.stop();
      calls(gateway, 4);
      try (Collector second = new Collector(tls, first.port(), true)) {
        untilComplete(first, second);
      }
    }
  }

  @Test
  void shouldSealWhileTheCollectorReadsNothing() throws Exception {
    try (Collector deaf = new Collector(tls, 0, false);
        RunningGateway gateway = gateway(deaf.port())) {
      Until.holds("it connects", () -> deaf.accepted() > 0);
      calls(gateway, 20);
      assertTrue(gateway.verify().ok());
    }
  }

  @Test
  void shouldGoOnWhereItWasAfterARestart() throws Exception {
    try (Collector collector = new Collector(tls, 0, true)) {
      try (RunningGateway gateway = gateway(collector.port())) {
        calls(gateway, 3);
        untilComplete(collector);
        final long confirmed = 3 * TIMEOUT_MILLIS;
        Until.idle(Duration.ofMillis(confirmed));
      }
      final int before = collector.received().size();
      try (RunningGateway gateway = gateway(collector.port())) {
        calls(gateway, 2);
        untilComplete(collector);
      }
      final int again = before + collector.received().size() - collector.byIndex().size();
      assertTrue(again < before + sealed().size(), "confirmed records were not sent again");
      assertFalse(collector.received().stream().skip(before).anyMatch(m -> m.index() == 0));
    }
  }
}
