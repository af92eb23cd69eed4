package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sealgate.log.verify.TestTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we write, read by programs that others wrote. */
final class ForeignTest {
  private static final int ROUNDS = 500;

  @TempDir Path dir;

  @Test
  void shouldSatisfySigstoresVerifierAndBeRefusedByItWhenChanged() throws Exception {
    for (String file : List.of("package.json", "package-lock.json", "verify.js")) {
      try (InputStream resource = ForeignTest.class.getResourceAsStream("/foreign/" + file)) {
        Files.write(dir.resolve(file), resource.readAllBytes());
      }
    }
    assumeTrue(run(10, "node", "--version") == 0, "skipped: there is no node");
    assumeTrue(
        run(120, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund") == 0,
        "skipped: npm is missing or reaches no registry");
    long seed = 7;
    Random random = new Random(seed);
    List<String> cases = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (TestKey key : List.of(TestKey.p256("gw.example.com"), TestKey.ed25519("gw.example.com"))) {
      for (int size : new int[] {1, 2, 3, 7, 8, 255, 256, 257, 1_000}) {
        TestTree tree = new TestTree("gw.example.com").fill(size);
        long index = random.nextLong(size);
        List<byte[]> path = Merkle.inclusionProof(index, size, tree.nodes());
        byte[] note = tree.note(size, key);
        cases.add(line(key, index, path, tree.record(index), note));
        expected.add("true");
        cases.add(line(key, index, path, TestRecords.utf8("{}"), note));
        expected.add("false");
        byte[] later =
            new String(note, UTF_8).replace("\n" + size + "\n", "\n9999\n").getBytes(UTF_8);
        cases.add(line(key, index, path, tree.record(index), later));
        expected.add("false");
      }
    }
    Files.write(dir.resolve("cases"), cases);
    assertEquals(0, run(60, "node", "verify.js", "cases"), output());
    assertEquals(expected, output().lines().toList(), "seed " + seed);
  }

  private static String line(
      TestKey key, long index, List<byte[]> path, byte[] record, byte[] note) {
    Base64.Encoder base64 = Base64.getEncoder();
    return String.join(
        " ",
        key.vkey().name(),
        HexFormat.of().toHexDigits(key.vkey().keyId()),
        base64.encodeToString(key.publicKey().getEncoded()),
        Long.toString(index),
        path.isEmpty()
            ? "-"
            : path.stream().map(base64::encodeToString).collect(Collectors.joining(",")),
        base64.encodeToString(record),
        base64.encodeToString(note));
  }

  private String output() throws IOException {
    return Files.readString(dir.resolve("output"));
  }

  private int run(int seconds, String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(dir.toFile())
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("output").toFile())
              .start();
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        return -1;
      }
      return process.exitValue();
    } catch (IOException _) {
      // The program is not there; the caller skips the test and says so.
      return -1;
    }
  }

  @Test
  void shouldWriteTheSameJsonAsAnotherImplementationOfTheRfc() throws IOException {
    long seed = 85;
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] ours = TestTree.json(object(random, 3));
      byte[] theirs = new JsonCanonicalizer(new String(ours, UTF_8)).getEncodedUTF8();
      assertArrayEquals(theirs, ours, () -> "seed " + seed + ": " + new String(ours, UTF_8));
      JcsReader.parse(ours);
    }
  }

  @Test
  void shouldRefuseAsNotCanonicalWhatTheOtherWritesDifferently() throws IOException {
    for (String json :
        List.of(
            "{\"b\":1,\"a\":2}",
            "{\"a\": 1}",
            "[1.0]",
            "[1e2]",
            "[\"\\u0041\"]",
            "[\"\\/\"]",
            "[\"\\u000A\"]",
            "{\"\\ud83d\\ude00\":1}")) {
      String theirs = new JsonCanonicalizer(json).getEncodedString();
      assertEquals(false, theirs.equals(json), json);
      assertThrows(JcsException.class, () -> JcsReader.parse(json.getBytes(UTF_8)), json);
      JcsReader.parse(theirs.getBytes(UTF_8));
    }
  }

  private static Map<String, Object> object(Random random, int depth) {
    Map<String, Object> members = new TreeMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      members.put(
          text(random),
          switch (random.nextInt(depth > 0 ? 3 : 2)) {
            case 0 -> text(random);
            case 1 -> random.nextLong(-JcsWriter.NUMBER_MAX, JcsWriter.NUMBER_MAX + 1);
            default -> object(random, depth - 1);
          });
    }
    return members;
  }

  /** Every kind of character: controls, quotes, ASCII, and all planes. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      int codePoint =
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> random.nextInt(0x20, 0x80);
            case 2 -> random.nextInt(0x80, 0xD800);
            default -> random.nextInt(0xE000, 0x11_0000);
          };
      text.appendCodePoint(codePoint);
    }
    return text.toString();
  }
}
