package io.sealgate.log.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.Dsse;
import io.sealgate.log.JcsReader;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TestKey;
import io.sealgate.log.TestRecords;
import io.sealgate.log.TilePath;
import io.sealgate.log.TrustPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogVerifierTest {
  private static final String BASE = "gw.example.com";
  private static final String SHARD = "2026q4";
  private static final String ORIGIN = BASE + "/audit/" + SHARD;

  private final TestKey key = TestKey.p256(BASE);
  private final TestKey next = TestKey.ed25519(BASE);
  private final TestKey oneWitness = TestKey.witness("w1.example.com");
  private final TestKey otherWitness = TestKey.witness("w2.example.com");

  @TempDir Path dir;

  private VerifyOptions options() throws IOException {
    return VerifyOptions.of(TrustPolicy.of(List.of(key.vkey())));
  }

  private static VerifyReport refused(VerifyReport report, VerifyExit exit, String problem) {
    assertEquals(exit, report.exit(), report.toText());
    assertTrue(report.problem().contains(problem), report.problem());
    return report;
  }

  private static VerifyReport sound(VerifyReport report) {
    assertTrue(report.ok(), report.toText());
    return report;
  }

  @Test
  void shouldRefuseEveryChangeToAnyResource() throws IOException {
    long seed = 20261121;
    Random random = new Random(seed);
    for (int size : new int[] {1, 2, 255, 256, 257, 700}) {
      TestTree tree = new TestTree(ORIGIN).fill(size);
      Map<String, byte[]> sound = tree.resources(tree.note(size, key));
      sound(verify(sound));
      for (String path : sound.keySet()) {
        byte[] whole = sound.get(path);
        String what = "seed " + seed + ", size " + size + ", " + path;
        byte[] flipped = whole.clone();
        flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
        changed(sound, path, flipped, what + " flipped");
        changed(sound, path, Arrays.copyOf(whole, random.nextInt(whole.length)), what + " cut");
        changed(sound, path, null, what + " removed");
      }
    }
  }

  private void changed(Map<String, byte[]> sound, String path, byte[] bytes, String what)
      throws IOException {
    Map<String, byte[]> changed = new HashMap<>(sound);
    if (bytes == null) {
      changed.remove(path);
    } else {
      changed.put(path, bytes);
    }
    VerifyReport report = verify(changed);
    assertTrue(!report.ok(), what);
  }

  private VerifyReport verify(Map<String, byte[]> resources) throws IOException {
    return LogVerifier.verify(
        List.of(
            new LogVerifier.Shard(
                SHARD, () -> new StaticShard(SHARD, (path, _) -> resources.get(path)))),
        options());
  }

  @Test
  void shouldRefuseALogWhoseTailWasCutWhenALaterCheckpointIsHeld() throws IOException {
    TestTree whole = new TestTree(ORIGIN).fill(300);
    TestTree cut = new TestTree(ORIGIN).fill(290);
    LogVerifier.Shard shard = cut.shard(SHARD, cut.note(290, key));
    sound(LogVerifier.verify(List.of(shard), options()));
    refused(
        LogVerifier.verify(List.of(shard), held(whole.note(300, key))),
        VerifyExit.FORK,
        "tail was cut");
    VerifyReport report =
        sound(
            LogVerifier.verify(
                List.of(whole.shard(SHARD, whole.note(300, key))),
                held(whole.note(0, key), whole.note(123, key), whole.note(300, key))));
    assertEquals(4, report.checkpoints());
  }

  private VerifyOptions held(byte[]... notes) throws IOException {
    return new VerifyOptions(
        TrustPolicy.of(List.of(key.vkey())), false, null, Arrays.asList(notes));
  }

  @Test
  void shouldRefuseAForkAndACheckpointOfAnotherShardOrKey() throws IOException {
    TestTree tree = new TestTree(ORIGIN).fill(50);
    TestTree fork = new TestTree(ORIGIN).fill(20).add(TestRecords.utf8("{}")).fill(9);
    List<LogVerifier.Shard> shards = List.of(tree.shard(SHARD, tree.note(50, key)));
    refused(LogVerifier.verify(shards, held(fork.note(30, key))), VerifyExit.FORK, "forked");
    sound(LogVerifier.verify(shards, held(fork.note(20, key))));
    TestTree gone = new TestTree(BASE + "/audit/2026q3").fill(5);
    refused(LogVerifier.verify(shards, held(gone.note(5, key))), VerifyExit.FORK, "2026q3");
    refused(
        LogVerifier.verify(shards, held(tree.note(30, next))), VerifyExit.SIGNATURE, "elsewhere");
  }

  @Test
  void shouldTakeAKeyThatTheLogAddsOnceAnOlderKeySignedForIt() throws IOException {
    TestTree tree = new TestTree(ORIGIN).fill(10).event("key-add", added(10)).fill(9);
    VerifyReport report =
        LogVerifier.verify(
            List.of(tree.shard(SHARD, tree.note(10, key), tree.note(15, key), tree.note(20, next))),
            options());
    assertEquals(3, sound(report).checkpoints());
    refused(
        LogVerifier.verify(
            List.of(tree.shard(SHARD, tree.note(10, key), tree.note(20, next))), options()),
        VerifyExit.SIGNATURE,
        "no trusted key");
  }

  @Test
  void shouldJudgeEachOfManyCheckpointsAtItsTurn() throws IOException {
    int size = 700;
    int added = 400;
    TestTree tree =
        new TestTree(ORIGIN).fill(added).event("key-add", added(added)).fill(size - added - 1);
    byte[][] notes = new byte[size][];
    for (int i = 0; i < size; i++) {
      notes[i] = tree.note(i + 1, i <= added ? key : next);
    }
    VerifyReport report = LogVerifier.verify(List.of(tree.shard(SHARD, notes)), options());
    assertEquals(size, sound(report).checkpoints());
    for (int bad : new int[] {0, 1, 2, 256, 257, 258, added + 1, size - 1}) {
      byte[][] damaged = notes.clone();
      // Another's signature under the key's name and id.
      damaged[bad] = swapped(notes[bad], notes[bad == 0 ? 1 : bad - 1]);
      VerifyReport judged = LogVerifier.verify(List.of(tree.shard(SHARD, damaged)), options());
      refused(judged, VerifyExit.SIGNATURE, "size " + (bad + 1) + " ");
      assertEquals(bad, judged.firstBadIndex());
      assertEquals(bad, judged.checkpoints());
    }
  }

  /** A note's text under the signatures of another. */
  private static byte[] swapped(byte[] text, byte[] signatures) {
    String[] first = new String(text, UTF_8).split("\n\n", 2);
    String[] second = new String(signatures, UTF_8).split("\n\n", 2);
    return (first[0] + "\n\n" + second[1]).getBytes(UTF_8);
  }

  @Test
  void shouldNameTheFirstProblemThoughALaterOneWasReadBefore() throws IOException {
    TestTree tree = new TestTree(ORIGIN).fill(700);
    Map<String, byte[]> sound = tree.resources(tree.note(700, key));
    for (int unreadable = 0; unreadable < 3; unreadable++) {
      String path = new TilePath(TilePath.ENTRIES, unreadable, unreadable == 2 ? 188 : 256) + "";
      StaticShard.Resources broken =
          (name, _) -> {
            if (name.equals(path)) {
              throw new IOException(name);
            }
            return sound.get(name);
          };
      LogVerifier.Shard shard = new LogVerifier.Shard(SHARD, () -> new StaticShard(SHARD, broken));
      assertEquals(
          path,
          assertThrows(IOException.class, () -> LogVerifier.verify(List.of(shard), options()))
              .getMessage());
      if (unreadable > 0) {
        byte[] before = sound.get(new TilePath(TilePath.ENTRIES, unreadable - 1, 256).toString());
        before[before.length - 1] ^= 1;
        VerifyReport report = LogVerifier.verify(List.of(shard), options());
        assertEquals(unreadable * 256 - 1, refused(report, VerifyExit.TREE, "").firstBadIndex());
        before[before.length - 1] ^= 1;
      }
    }
  }

  private Map<String, String> added(long validFrom) {
    return Map.of("key", next.vkey().toString(), "valid_from", Long.toString(validFrom));
  }

  @Test
  void shouldRefuseKeysOutsideTheSizesTheyMaySign() throws IOException {
    VerifyOptions both = VerifyOptions.of(TrustPolicy.of(List.of(key.vkey(), next.vkey())));
    Map<String, String> retired = Map.of("key", key.vkey().toString(), "last_size", "20");
    TestTree tree =
        new TestTree(ORIGIN)
            .fill(10)
            .event("key-add", added(10))
            .fill(9)
            .event("key-retire", retired)
            .fill(9);
    byte[] until = tree.note(20, key);
    sound(LogVerifier.verify(List.of(tree.shard(SHARD, until, tree.note(30, next, key))), both));
    refused(
        LogVerifier.verify(List.of(tree.shard(SHARD, until, tree.note(30, key))), both),
        VerifyExit.KEY_WINDOW,
        "not valid there");
    refused(
        LogVerifier.verify(
            List.of(tree.shard(SHARD, tree.note(10, next), until, tree.note(30, next))), both),
        VerifyExit.KEY_WINDOW,
        "outside the sizes");
    refused(
        LogVerifier.verify(
            List.of(tree.shard(SHARD, tree.note(5, key), tree.note(21, key), until(tree))), both),
        VerifyExit.KEY_WINDOW,
        "");
    TestTree strange =
        new TestTree(ORIGIN).event("key-add", Map.of("key", "no key", "valid_from", "0"));
    refused(
        LogVerifier.verify(List.of(strange.shard(SHARD, strange.note(1, key))), options()),
        VerifyExit.KEY_WINDOW,
        "cannot be read");
  }

  private byte[] until(TestTree tree) {
    return tree.note(tree.size(), next);
  }

  @Test
  void shouldFollowTheLinkFromShardToShard() throws Exception {
    String before = "2026q3";
    TestTree first = new TestTree(BASE + "/audit/" + before).fill(40);
    byte[] head = first.note(40, key);
    Map<String, String> previous =
        Map.of(
            "checkpoint_sha256",
            HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(head)),
            "origin",
            BASE + "/audit/" + before,
            "size",
            "40",
            "root",
            HexFormat.of().formatHex(first.root(40)));
    LogVerifier.Shard old = first.shard(before, head);
    TestTree linked =
        new TestTree(ORIGIN).event("shard-open", Map.of("previous", previous)).fill(3);
    VerifyReport report =
        sound(
            LogVerifier.verify(List.of(old, linked.shard(SHARD, linked.note(4, key))), options()));
    assertEquals(List.of(), report.warnings());
    sound(LogVerifier.verify(List.of(linked.shard(SHARD, linked.note(4, key))), options()));
    for (String member : previous.keySet()) {
      Map<String, String> wrong = new HashMap<>(previous);
      wrong.put(member, "39");
      TestTree broken = new TestTree(ORIGIN).event("shard-open", Map.of("previous", wrong)).fill(3);
      VerifyReport judged =
          LogVerifier.verify(List.of(old, broken.shard(SHARD, broken.note(4, key))), options());
      refused(
          judged,
          VerifyExit.SHARD_LINK,
          member.equals("checkpoint_sha256") ? "bears other signatures" : "does not continue");
    }
    LogVerifier.Shard cosigned =
        first.shard(
            before,
            SignedNote.parse(head).with(List.of(oneWitness.line(first.text(40)))).toBytes());
    LogVerifier.Shard next = linked.shard(SHARD, linked.note(4, key));
    sound(LogVerifier.verify(List.of(cosigned, next), options()));
    TestTree silent = new TestTree(ORIGIN).fill(3);
    report =
        sound(
            LogVerifier.verify(List.of(old, silent.shard(SHARD, silent.note(3, key))), options()));
    assertTrue(report.warnings().getFirst().contains("does not say"), report.toText());
  }

  @Test
  void shouldAskForAsManyWitnessesAsTheTrustFileDoes() throws IOException {
    TrustPolicy two =
        TrustPolicy.parse(
            ("log %s\nwitness one %s\nwitness two %s\ngroup both all one two\nquorum both\n"
                    .formatted(key.vkey(), oneWitness.vkey(), otherWitness.vkey()))
                .getBytes(UTF_8));
    TestTree tree = new TestTree(ORIGIN).fill(20);
    byte[] alone = tree.note(20, key, oneWitness);
    byte[] enough = tree.note(10, key, oneWitness, otherWitness);
    refused(
        LogVerifier.verify(List.of(tree.shard(SHARD, alone)), VerifyOptions.of(two)),
        VerifyExit.QUORUM,
        "witnesses");
    VerifyReport report =
        sound(LogVerifier.verify(List.of(tree.shard(SHARD, enough, alone)), VerifyOptions.of(two)));
    assertEquals(10, report.cosigned());
    assertTrue(report.warnings().getFirst().contains("from 10 on"), report.toText());
    refused(
        LogVerifier.verify(
            List.of(tree.shard(SHARD, tree.note(20, oneWitness, otherWitness))),
            VerifyOptions.of(two)),
        VerifyExit.SIGNATURE,
        "no trusted key of the log");
  }

  @Test
  void shouldReportGapsAndRepeatedNumbersAndFailOnThemWhenStrict() throws IOException {
    TestTree tree = new TestTree(ORIGIN);
    for (long sequence : new long[] {0, 1, 4, 3, 5, 5}) {
      tree.add(
          TestTree.json(
              Map.of(
                  "gateway",
                  Map.of("boot", "b", "instance", "i", "sequence", sequence),
                  "time",
                  "2026-11-21T10:0" + sequence + ":00Z")));
    }
    List<LogVerifier.Shard> shards = List.of(tree.shard(SHARD, tree.note(6, key)));
    TrustPolicy trust = TrustPolicy.of(List.of(key.vkey()));
    VerifyReport report = sound(LogVerifier.verify(shards, options()));
    assertEquals(2, report.warnings().size(), report.toText());
    assertTrue(report.warnings().get(0).contains("number 5 of i/b comes again"), report.toText());
    assertTrue(report.warnings().get(1).contains("not 1 of them, the first is 2"), report.toText());
    refused(
        LogVerifier.verify(shards, new VerifyOptions(trust, true, null, List.of())),
        VerifyExit.GAP,
        "comes again");
    report =
        sound(
            LogVerifier.verify(
                shards, new VerifyOptions(trust, false, Duration.ofMinutes(2), List.of())));
    assertTrue(report.warnings().getFirst().contains("no record for PT3M"), report.toText());
  }

  @Test
  void shouldCountRecordsThatAreNotCanonicalAndFailOnThemWhenStrict() throws IOException {
    TestTree tree = new TestTree(ORIGIN).fill(7).add(TestRecords.utf8("{\"a\": 1}")).fill(2);
    List<LogVerifier.Shard> shards = List.of(tree.shard(SHARD, tree.note(10, key)));
    VerifyReport report = sound(LogVerifier.verify(shards, options()));
    assertEquals(1, report.notCanonical());
    assertEquals(7, report.firstNotCanonical());
    VerifyOptions strict =
        new VerifyOptions(TrustPolicy.of(List.of(key.vkey())), true, null, List.of());
    assertEquals(
        7,
        refused(LogVerifier.verify(shards, strict), VerifyExit.LINT, "RFC 8785").firstBadIndex());
  }

  @Test
  void shouldVerifyTheSignatureOfEveryRecordThatHasItsOwn() throws IOException {
    byte[] record = TestTree.json(Map.of("gateway", Map.of("boot", "b", "sequence", 1L)));
    TestTree tree = new TestTree(ORIGIN).fill(3).add(envelope(key, record));
    VerifyReport report =
        sound(LogVerifier.verify(List.of(tree.shard(SHARD, tree.note(4, key))), options()));
    assertTrue(report.warnings().getFirst().contains("the first is 0"), "the record was read");
    TestTree strange = new TestTree(ORIGIN).fill(3).add(envelope(next, record));
    assertEquals(
        3,
        refused(
                LogVerifier.verify(List.of(strange.shard(SHARD, strange.note(4, key))), options()),
                VerifyExit.SIGNATURE,
                "no key of the log")
            .firstBadIndex());
    TestTree announced =
        new TestTree(ORIGIN).event("key-add", added(0)).add(envelope(next, record));
    sound(LogVerifier.verify(List.of(announced.shard(SHARD, announced.note(2, key))), options()));
  }

  private static byte[] envelope(TestKey key, byte[] record) {
    byte[] signature = key.raw(Dsse.pae(Dsse.RECORD_TYPE, record));
    return new Dsse(
            Dsse.RECORD_TYPE, record, List.of(new Dsse.Signature(key.vkey().name(), signature)))
        .toBytes();
  }

  @Test
  void shouldVerifyAPrunedShardByItsHashesAndNothingMore() throws IOException {
    TestTree tree = new TestTree(ORIGIN).fill(700);
    Map<String, byte[]> pruned = tree.resources(tree.note(700, key));
    pruned.remove("tile/entries/000");
    refused(verify(pruned), VerifyExit.TREE, "record 0 is missing");
    pruned.put("minimum-index", "256\n".getBytes(UTF_8));
    VerifyReport report = sound(verify(pruned));
    assertEquals(256, report.leftOut());
    assertEquals(444, report.records());
    pruned.get("tile/0/000")[77] ^= 4;
    refused(verify(pruned), VerifyExit.TREE, "");
  }

  @Test
  void shouldSayByItsExitWhatIsWrong() throws IOException {
    TestTree tree = new TestTree(ORIGIN).fill(30);
    Path export = TestTree.write(tree.resources(tree.note(30, key)), dir.resolve(SHARD));
    Path trust = Files.writeString(dir.resolve("trust"), key.vkey() + "\n");
    Path strangers = Files.writeString(dir.resolve("strangers"), next.vkey() + "\n");
    assertEquals(VerifyExit.VERIFIED, run(export, "--trust", trust));
    assertEquals(VerifyExit.VERIFIED, run(dir, "--trust", trust, "--json"));
    assertEquals(VerifyExit.MISSING, run(export));
    assertEquals(VerifyExit.MISSING, run(dir.resolve("nowhere"), "--trust", trust));
    assertEquals(VerifyExit.SIGNATURE, run(export, "--trust", strangers));
    assertEquals(VerifyExit.USAGE, run(export, "--trust"));
    assertEquals(VerifyExit.USAGE, run(export, "--unknown"));
    assertEquals(VerifyExit.USAGE, run(export, "--silence", "soon"));
    Files.writeString(strangers, "log nonsense\n");
    assertEquals(VerifyExit.MALFORMED, run(export, "--trust", strangers));
    Files.writeString(export.resolve("checkpoint"), "nonsense");
    assertEquals(VerifyExit.MALFORMED, run(export, "--trust", trust));
  }

  private static VerifyExit run(Object... arguments) {
    PrintStream out = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    return Main.run(
        Arrays.stream(arguments).map(Object::toString).toArray(String[]::new), out, out);
  }

  @Test
  void shouldRunAsAProgramWithNothingButTheJdk() throws Exception {
    TestTree tree = new TestTree(ORIGIN).fill(30);
    Path export = TestTree.write(tree.resources(tree.note(30, key)), dir.resolve(SHARD));
    Path trust = Files.writeString(dir.resolve("trust"), key.vkey() + "\n");
    assertEquals(0, program("" + export, "--trust", "" + trust));
    assertTrue(Files.readString(dir.resolve("output")).startsWith("verified: 30 records"));
    Files.writeString(trust, next.vkey() + "\n");
    assertEquals(VerifyExit.SIGNATURE.status(), program("" + export, "--trust", "" + trust));
    assertEquals(0, program("--help"));
    String help = Files.readString(dir.resolve("output"));
    for (VerifyExit exit : VerifyExit.values()) {
      assertTrue(help.contains("%3d %s".formatted(exit.status(), exit)), help);
    }
  }

  private int program(String... arguments) throws Exception {
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", classes.toString(), Main.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("output").toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("the program did not end");
    }
    return process.exitValue();
  }

  @Test
  void shouldPrintItsReportAsCanonicalJson() throws IOException {
    TestTree tree = new TestTree(ORIGIN).fill(3);
    VerifyReport report =
        LogVerifier.verify(List.of(tree.shard(SHARD, tree.note(3, next))), options());
    Map<?, ?> json = (Map<?, ?>) JcsReader.parse(report.toJson().getBytes(UTF_8));
    assertEquals("SIGNATURE", json.get("exit"));
    assertEquals(false, json.get("ok"));
    assertEquals(SHARD, json.get("shard"));
  }
}
