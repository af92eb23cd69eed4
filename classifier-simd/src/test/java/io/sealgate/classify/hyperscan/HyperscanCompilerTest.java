package io.sealgate.classify.hyperscan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.hyperscan.HyperscanDatabase.Expression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HyperscanCompilerTest {
  private static final List<Expression> EXPRESSIONS =
      List.of(
          new Expression("word", "[a-z]{3,9}[0-9]{2}", Hyperscan.FLAG_SOM_LEFTMOST),
          new Expression("end", "7$", Hyperscan.FLAG_SOM_LEFTMOST));

  /** Takes this compiler far longer than any limit used here. */
  private static final String SLOW = "(?:[a-f]{1,900}[b-k]{1,900}|x){1,900}[c-z]{1,900}y";

  @TempDir private Path folder;

  @Test
  void shouldMatchAlikeWhereverADatabaseWasCompiled() throws Exception {
    final var cached = new HyperscanCompiler(Optional.of(DatabaseCache.open(folder)));
    final String expected = matches(HyperscanDatabase.compile(EXPRESSIONS));

    assertEquals("0:1-6 0:7-15 1:14-15", expected);
    assertEquals(
        expected, matches(new HyperscanCompiler(Optional.empty()).compile(EXPRESSIONS, true)));
    assertEquals(expected, matches(cached.compile(EXPRESSIONS, true)));
    assertEquals(1, files().size());
    assertEquals(expected, matches(cached.compile(EXPRESSIONS, false)));
    assertEquals(1, files().size());
  }

  @Test
  void shouldCompileAgainWhenTheFileIsNotWhatWasWritten() throws Exception {
    final var compiler = new HyperscanCompiler(Optional.of(DatabaseCache.open(folder)));
    compiler.compile(EXPRESSIONS, false).release();
    final Path file = files().getFirst();
    final byte[] sound = Files.readAllBytes(file);
    final String expected = matches(compiler.compile(EXPRESSIONS, false));
    for (final int at : new int[] {0, 8, 39, 40, 60, sound.length - 1}) {
      final byte[] broken = sound.clone();
      broken[at] ^= 1;
      Files.write(file, broken);

      assertTrue(DatabaseCache.open(folder).load(EXPRESSIONS).isEmpty(), "byte " + at);
      assertEquals(expected, matches(compiler.compile(EXPRESSIONS, false)));
      assertArrayEquals(sound, Files.readAllBytes(file));
    }
    for (final int length : new int[] {0, 7, 40, sound.length - 1}) {
      Files.write(file, Arrays.copyOf(sound, length));
      assertTrue(DatabaseCache.open(folder).load(EXPRESSIONS).isEmpty(), "length " + length);
    }
  }

  @Test
  void shouldKeepOnlyTheFilesUsedLast() throws Exception {
    final var compiler = new HyperscanCompiler(Optional.of(DatabaseCache.open(folder)));
    for (int i = 0; i < DatabaseCache.FILES_MAX + 3; i++) {
      compiler.compile(List.of(new Expression("x", "needle" + i, 0)), false).release();
    }

    assertEquals(DatabaseCache.FILES_MAX, files().size());
  }

  @Test
  void shouldRefuseAFolderThatOthersMayEnter() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));

    final var refused = assertThrows(ClassifierException.class, () -> DatabaseCache.open(folder));
    assertTrue(refused.getMessage().contains("chmod 700"), refused.getMessage());
  }

  @Test
  void shouldNameTheExpressionWhenTheOtherProcessRefusesIt() {
    final var compiler = new HyperscanCompiler(Optional.empty());
    final var expressions = List.of(EXPRESSIONS.get(0), new Expression("broken", "a(b", 0));

    final var refused =
        assertThrows(ClassifierException.class, () -> compiler.compile(expressions, true));
    assertTrue(refused.getMessage().contains("\"broken\""), refused.getMessage());
    assertTrue(refused.getMessage().contains("Missing close parenthesis"), refused.getMessage());
  }

  @Test
  void shouldEndTheOtherProcessWhenItTakesTooLong() {
    final var compiler =
        new HyperscanCompiler(
            Optional.empty(), new CompilerLimits(Duration.ofSeconds(2), Duration.ZERO, 1L << 30));
    final var expressions =
        List.of(EXPRESSIONS.get(0), new Expression("slow", SLOW, 0), EXPRESSIONS.get(1));

    final var refused =
        assertThrows(ClassifierException.class, () -> compiler.compile(expressions, true));
    assertTrue(refused.getMessage().contains("\"slow\""), refused.getMessage());
    assertFalse(
        ProcessHandle.current().children().anyMatch(ProcessHandle::isAlive), "a process is left");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "abc; 3",
        "a{5}; 5",
        "(ab){3}c{2,4}; 10",
        "((ab){10}c){10}; 210",
        "[a-z]{9}; 9",
        "[]a]{9}; 9",
        "[^]a]{2}; 16",
        "\\p{L}{2}; 1000",
        "a\\{5}; 4",
        "a(b; 2",
        ".{3}; 24",
        "a); 1",
        "(((a{1000}){1000}){1000}){1000}; 1000000"
      })
  void shouldEstimateWhatAnExpressionIsWrittenOut(final String expression, final int cost) {
    assertEquals(cost, ExpressionCost.of(expression));
  }

  private static String matches(final HyperscanDatabase database) throws ClassifierException {
    final byte[] text = "-abc12 xabcde77".getBytes(UTF_8);
    try (var scan = new HyperscanScan(2, database)) {
      scan.load(text, text.length);
      scan.scan(database, 0, text.length, true);
      final List<String> all = new ArrayList<>();
      for (int i = 0; i < scan.count(); i++) {
        all.add(scan.id(i) + ":" + scan.start(i) + "-" + scan.end(i));
      }
      all.sort(null);
      return String.join(" ", all);
    } finally {
      database.release();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
