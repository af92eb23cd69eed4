package io.sealgate.log.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sealgate.log.AddCheckpoint;
import io.sealgate.log.Checkpoint;
import io.sealgate.log.Cosignature;
import io.sealgate.log.Merkle;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TestKey;
import io.sealgate.log.TestRecords;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import io.sealgate.log.verify.TestTree;
import io.sealgate.log.witness.WitnessException.Refusal;
import io.sealgate.store.StateStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Client and service over real HTTP, with the state on disk. */
final class WitnessTest {
  private static final String ORIGIN = "gw.example.com/audit/2026q4";
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_795_255_200L), ZoneOffset.UTC);

  @TempDir Path dir;

  private final TestKey log = TestKey.p256(ORIGIN);
  private final TestKey witness = TestKey.witness("w1.example.com");
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private HttpServer server;
  private StateStore store;
  private WitnessService service;
  private WitnessClient client;
  private String prefix;

  @BeforeEach
  void start() throws IOException {
    open();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/add-checkpoint", this::addCheckpoint);
    server.start();
    prefix = "http://127.0.0.1:" + server.getAddress().getPort();
    client =
        new WitnessClient(
            new TrustPolicy.Witness("w1", witness.vkey(), prefix), Duration.ofSeconds(20));
  }

  private void open() throws IOException {
    store = StateStore.open(dir.resolve("witness"));
    service =
        new WitnessService(
            WitnessedLogs.of(List.of(log.vkey())), key(witness), new WitnessState(store), CLOCK);
  }

  private static WitnessKey key(TestKey key) {
    return new WitnessKey() {
      @Override
      public Vkey vkey() {
        return key.vkey();
      }

      @Override
      public byte[] sign(byte[] message) {
        return key.raw(message);
      }
    };
  }

  private void addCheckpoint(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(WitnessService.BODY_BYTES_MAX + 1);
      WitnessService.Answer answer = service.addCheckpoint(body);
      exchange.getResponseHeaders().set("content-type", answer.contentType());
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.stop(0);
    threads.shutdownNow();
    store.close();
  }

  private static SignedNote note(TestTree tree, long size, TestKey... keys) throws NoteException {
    return SignedNote.parse(tree.note(size, keys));
  }

  private Refusal refused(TestTree tree, long size, TestKey... keys) {
    return assertThrows(
            WitnessException.class, () -> client.cosign(note(tree, size, keys), tree.nodes()))
        .refusal();
  }

  @Test
  void shouldCosignAGrowingLogAndVerifyAsAQuorum() throws Exception {
    TrustPolicy policy =
        TrustPolicy.parse(
            ("log " + log.vkey() + "\nwitness w " + witness.vkey() + "\nquorum w\n")
                .getBytes(UTF_8));
    TestTree tree = new TestTree(ORIGIN);
    for (int grow : new int[] {0, 1, 6, 0, 249, 44, 1_000}) {
      tree.fill(grow);
      SignedNote note = note(tree, tree.size(), log);
      List<SignedNote.SignatureLine> lines = client.cosign(note, tree.nodes());
      assertEquals(
          CLOCK.instant().getEpochSecond(), Cosignature.seconds(lines.getFirst().signature()));
      SignedNote cosigned = note.with(lines);
      assertTrue(policy.isQuorum(policy.signers(cosigned, ORIGIN)));
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(ORIGIN.getBytes(UTF_8));
      assertArrayEquals(
          cosigned.toBytes(), service.checkpoint(HexFormat.of().formatHex(hash)).body());
    }
    assertEquals(404, service.checkpoint("00".repeat(32)).status());
    assertEquals(404, service.checkpoint("../etc").status());
    assertEquals(404, service.checkpoint("").status());
  }

  @Test
  void shouldLearnTheSizeFromTheWitnessAfterARestartOfEither() throws Exception {
    TestTree tree = new TestTree(ORIGIN).fill(300);
    client.cosign(note(tree, 300, log), tree.nodes());
    store.close();
    open();
    tree.fill(77);
    try (WitnessClient fresh =
        new WitnessClient(
            new TrustPolicy.Witness("w1", witness.vkey(), prefix), Duration.ofSeconds(20))) {
      assertEquals(1, fresh.cosign(note(tree, 377, log), tree.nodes()).size());
    }
    assertEquals(1, client.cosign(note(tree, 377, log), tree.nodes()).size());
    assertEquals(Refusal.CONFLICT, refused(tree, 376, log), "it saw more already");
  }

  @Test
  void shouldRefuseWhatTheSpecificationRefuses() throws Exception {
    TestTree tree = new TestTree(ORIGIN).fill(10);
    assertEquals(Refusal.NOT_TRUSTED, refused(tree, 10, TestKey.p256(ORIGIN)));
    TestTree unknown = new TestTree("other.example.com/log").fill(1);
    assertEquals(Refusal.UNKNOWN_LOG, refused(unknown, 1, log));
    client.cosign(note(tree, 10, log), tree.nodes());
    TestTree fork = new TestTree(ORIGIN).fill(9).add(TestRecords.utf8("{}")).fill(5);
    assertEquals(Refusal.INCONSISTENT, refused(fork, 15, log));
    assertEquals(Refusal.INCONSISTENT, refused(fork, 10, log), "same size, other root");
    assertEquals(1, client.cosign(note(tree, 10, log), tree.nodes()).size());
    byte[] empty = Checkpoint.of(ORIGIN, 0, new byte[32]).toBytes();
    assertEquals(409, post(0, List.of(), log.sign(empty)).status());
    assertEquals(400, post(11, List.of(), tree.note(10, log)).status());
    assertEquals(422, post(10, List.of(new byte[32]), tree.note(10, log)).status());
    WitnessService.Answer conflict = post(0, List.of(), tree.note(10, log));
    assertEquals(409, conflict.status());
    assertEquals("text/x.tlog.size", conflict.contentType());
    assertEquals("10\n", new String(conflict.body(), UTF_8));
    for (String bad : List.of("", "old 01\n\n", "old 1\n", "old 10\n\nnonsense", "old x\n\n")) {
      assertEquals(400, service.addCheckpoint(bad.getBytes(UTF_8)).status(), bad);
    }
    assertEquals(400, service.addCheckpoint(new byte[WitnessService.BODY_BYTES_MAX + 1]).status());
  }

  @Test
  void shouldRefuseAnEmptyTreeWithARootOfItsOwn() throws Exception {
    byte[] empty = Checkpoint.of(ORIGIN, 0, new byte[32]).toBytes();
    assertEquals(422, post(0, List.of(), log.sign(empty)).status());
    TestTree tree = new TestTree(ORIGIN);
    assertEquals(200, post(0, List.of(), tree.note(0, log)).status());
    tree.fill(3);
    assertEquals(422, post(0, List.of(new byte[32]), tree.note(3, log)).status());
    assertEquals(200, post(0, List.of(), tree.note(3, log)).status());
  }

  private WitnessService.Answer post(long old, List<byte[]> proof, byte[] note) throws IOException {
    return service.addCheckpoint(new AddCheckpoint(old, proof, SignedNote.parse(note)).toBytes());
  }

  @Test
  void shouldNeverCosignTwoHistoriesWhenRequestsRace() throws Exception {
    for (int round = 0; round < 20; round++) {
      String origin = "gw.example.com/audit/2026q4";
      TestTree base = new TestTree(origin).fill(5 + round * 10);
      long old = base.size();
      long start = round == 0 ? 0 : 5 + (round - 1) * 10 + 4;
      TestTree left = new TestTree(origin).fill((int) old).fill(4);
      TestTree right = new TestTree(origin).fill((int) old).add(TestRecords.utf8("{}")).fill(3);
      // Both continue what the witness saw; only one may become its history.
      List<byte[]> proof = Merkle.consistencyProof(start, old, base.nodes());
      assertEquals(200, post(start, proof, base.note(old, log)).status());
      CountDownLatch go = new CountDownLatch(1);
      List<Future<Integer>> answers = new ArrayList<>();
      for (TestTree tree : List.of(left, right)) {
        byte[] note = tree.note(old + 4, log);
        List<byte[]> continues = Merkle.consistencyProof(old, old + 4, tree.nodes());
        answers.add(
            threads.submit(
                () -> {
                  go.await();
                  return post(old, continues, note).status();
                }));
      }
      go.countDown();
      List<Integer> statuses = List.of(answers.get(0).get(), answers.get(1).get());
      assertEquals(609, statuses.get(0) + statuses.get(1), statuses.toString());
      if (statuses.get(1) == 200) {
        return;
      }
    }
  }

  @Test
  void shouldRefuseAnswersThatAreNoCosignatures() throws Exception {
    TestTree tree = new TestTree(ORIGIN).fill(4);
    SignedNote note = note(tree, 4, log);
    TestKey stranger = TestKey.witness("w1.example.com");
    byte[] moved = witness.cosign(tree.text(3), 5).toBytes();
    for (byte[] answer :
        List.of(
            TestRecords.utf8(""),
            TestRecords.utf8("nonsense\n"),
            stranger.cosign(tree.text(4), 5).toBytes(),
            moved)) {
      server.removeContext("/add-checkpoint");
      server.createContext(
          "/add-checkpoint",
          exchange -> {
            try (exchange) {
              exchange.getRequestBody().readAllBytes();
              exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
              exchange.getResponseBody().write(answer);
            }
          });
      WitnessException e =
          assertThrows(WitnessException.class, () -> client.cosign(note, tree.nodes()));
      assertEquals(Refusal.BAD_SIGNATURE, e.refusal());
    }
    server.stop(0);
    assertEquals(Refusal.UNREACHABLE, refused(tree, 4, log));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new WitnessClient(
                new TrustPolicy.Witness("w", witness.vkey(), "ftp://x"), Duration.ofSeconds(1)));
  }
}
