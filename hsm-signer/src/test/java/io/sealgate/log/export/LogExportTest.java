package io.sealgate.log.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.TestKey;
import io.sealgate.log.TlogProof;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogOptions;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.store.LogWriter;
import io.sealgate.log.verify.LogVerifier;
import io.sealgate.log.verify.TestTree;
import io.sealgate.log.verify.VerifyExit;
import io.sealgate.log.verify.VerifyOptions;
import io.sealgate.log.verify.VerifyReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogExportTest {
  private static final String SHARD = "2026q4";
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir Path dir;

  private Path data() {
    return dir.resolve("data");
  }

  private Path out() {
    return dir.resolve("out");
  }

  /** A log with one record a second, and a checkpoint every {@code batch} records. */
  private void log(TestKey key, int records, int batch) throws IOException {
    Path logDir = Files.createDirectories(data().resolve("log"));
    Files.writeString(logDir.resolve("trust"), key.vkey() + "\n");
    try (LogWriter writer =
        LogWriter.open(
            logDir,
            LogOrigin.of("gw.example.com", START),
            key.verifier(),
            LogOptions.defaults().withPrefillBytes(1 << 20).withReserveBytes(0))) {
      while (writer.size() < records) {
        writer.begin();
        for (int i = 0; i < batch; i++) {
          byte[] record =
              TestTree.json(Map.of("time", START.plusSeconds(writer.size()).toString()));
          writer.append(record, 0, record.length);
        }
        writer.commit(key.sign(writer.checkpointText()));
      }
    }
  }

  private VerifyReport verify(Path folder) throws IOException {
    return LogVerifier.verifyExport(
        folder, VerifyOptions.of(TrustPolicy.read(folder.resolve("trust-policy"))));
  }

  @Test
  void shouldExportARangeOfTimesThatVerifies() throws IOException {
    log(TestKey.p256("gw.example.com"), 2_000, 100);
    TimeRange range = new TimeRange(START.plusSeconds(700), START.plusSeconds(1_234));
    assertEquals(
        List.of(new LogExport.Exported(SHARD, 0)), LogExport.export(data(), out(), range, true));
    Path shard = out().resolve(SHARD);
    assertEquals("512\n", Files.readString(shard.resolve("minimum-index")));
    assertFalse(Files.exists(shard.resolve("tile/entries/001")));
    assertTrue(Files.exists(shard.resolve("tile/entries/002")));
    VerifyReport report = verify(out());
    assertTrue(report.ok(), report.toText());
    assertEquals(1_300 - 512, report.records());
    assertEquals(512, report.leftOut());
    assertTrue(verify(shard).ok(), "a shard alone is an export, too");
    Files.writeString(shard.resolve("minimum-index"), "0\n");
    assertEquals(VerifyExit.TREE, verify(out()).exit());
  }

  @Test
  void shouldExportNothingWhenNoRecordIsOfThatTime() throws IOException {
    log(TestKey.p256("gw.example.com"), 10, 10);
    TimeRange never = new TimeRange(Instant.parse("2027-01-01T00:00:00Z"), null);
    assertEquals(List.of(), LogExport.export(data(), out(), never, true));
    assertThrows(IllegalArgumentException.class, () -> new TimeRange(START, START));
  }

  @Test
  void shouldProveEveryRecordOfALog() throws IOException {
    TestKey key = TestKey.ed25519("gw.example.com");
    log(key, 600, 60);
    TrustPolicy trust = TrustPolicy.read(DataVerifier.trustFile(data()));
    try (LogReader reader = LogReader.open(data().resolve("log"))) {
      for (long index = 0; index < 600; index++) {
        byte[] proof = LogProver.prove(reader, SHARD, index).toBytes();
        assertArrayEquals(proof, TlogProof.parse(proof).toBytes());
        byte[] record = reader.record(SHARD, index);
        VerifyReport report = LogVerifier.verifyProof(proof, record, trust);
        assertTrue(report.ok(), report.toText());
      }
      IOException e = assertThrows(IOException.class, () -> LogProver.prove(reader, SHARD, 600));
      assertTrue(e.getMessage().contains("it has 0..599"), e.getMessage());
    }
  }

  @Test
  void shouldVerifyOverHttpWhatAnyFileServerServes() throws Exception {
    TestKey key = TestKey.ed25519("gw.example.com");
    log(key, 700, 70);
    LogExport.export(data(), out(), TimeRange.ALL, true);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            Path file = out().resolve(exchange.getRequestURI().getPath().substring(1));
            boolean there = Files.isRegularFile(file);
            byte[] body = there ? Files.readAllBytes(file) : new byte[] {'n', 'o'};
            exchange.sendResponseHeaders(there ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    try {
      URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + SHARD);
      VerifyOptions trust = VerifyOptions.of(TrustPolicy.of(List.of(key.vkey())));
      VerifyReport report = LogVerifier.verifyUrl(url, trust);
      assertTrue(report.ok(), report.toText());
      assertEquals(700, report.records());
      Path tile = out().resolve(SHARD).resolve("tile/entries/001");
      byte[] bytes = Files.readAllBytes(tile);
      bytes[40] ^= 1;
      Files.write(tile, bytes);
      assertEquals(VerifyExit.TREE, LogVerifier.verifyUrl(url, trust).exit());
      assertThrows(
          IllegalArgumentException.class,
          () -> LogVerifier.verifyUrl(URI.create("file:///etc"), trust));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldTellCommandsInItsReadmeThatSatisfyOpenssl() throws Exception {
    assumeTrue(run(dir, "openssl version && base64 --version") == 0, "skipped: no openssl");
    for (TestKey key : List.of(TestKey.p256("gw.example.com"), TestKey.ed25519("gw.example.com"))) {
      delete(data());
      delete(out());
      log(key, 1, 1);
      LogExport.export(data(), out(), TimeRange.ALL, true);
      String readme = Files.readString(out().resolve("README.txt"));
      String common = lines(readme, "sed ", "grep ");
      boolean p256 = key.vkey().toString().contains("+AjBZ");
      String check =
          p256
              ? lines(readme, "tail -c", "openssl dgst -sha256 -keyform")
              : lines(readme, "(printf '0", "openssl pkeyutl");
      Path shard = out().resolve(SHARD);
      assertEquals(0, run(shard, common + check), () -> common + check + output());
      assertEquals(0, run(shard, lines(readme, "(printf '\\000'")));
      String root = Files.readString(shard.resolve("checkpoint")).lines().toList().get(2);
      assertEquals(root, output().strip());
      Files.writeString(shard.resolve("text"), "another\n");
      assertFalse(run(shard, check) == 0, "a changed text must not verify");
    }
  }

  /** The indented lines that begin so. */
  private static String lines(String readme, String... beginnings) {
    StringBuilder found = new StringBuilder();
    readme
        .lines()
        .filter(line -> line.startsWith("    "))
        .map(String::strip)
        .filter(line -> List.of(beginnings).stream().anyMatch(line::startsWith))
        .forEach(line -> found.append(line).append('\n'));
    assertFalse(found.isEmpty(), List.of(beginnings).toString());
    return found.toString();
  }

  private String output() {
    try {
      return Files.readString(dir.resolve("output"), UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private int run(Path folder, String script) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("sh", "-e", "-c", script)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("output").toFile())
              .start();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        return -1;
      }
      return process.exitValue();
    } catch (IOException _) {
      // No shell here; the caller skips the test and says so.
      return -1;
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
