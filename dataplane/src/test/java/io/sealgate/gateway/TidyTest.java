package io.sealgate.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sealgate.gateway.cli.Commands;
import io.sealgate.gateway.testkit.SourceTree;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Fails on what a reviewer would always flag. */
class TidyTest {
  private static final int FILE_LINES_MAX = 500;
  private static final Set<String> NOT_SOURCE = Set.of("target", ".git", "node_modules");
  private static final Pattern LAUNCHED = Pattern.compile("\\./sealgate ([a-z][a-z-]*)");

  /** The launcher's own commands, which never reach the program. */
  private static final Pattern LAUNCHER_CASE = Pattern.compile("(?m)^    ([a-z]+)\\)$");

  private static final Pattern USAGE_LINE = Pattern.compile("(?m)^  ([a-z]+) {2,}[a-z]");

  @Test
  void shouldHaveNoFileOfMoreThan500Lines() throws IOException {
    assertEquals(List.of(), sources(text -> text.lines().count() > FILE_LINES_MAX, path -> true));
  }

  @Test
  void shouldPrintNoStackTraces() throws IOException {
    assertEquals(
        List.of(),
        sources(
            text -> text.contains(".printStackTrace("), path -> !path.endsWith("TidyTest.java")));
  }

  @Test
  void shouldWriteToStandardOutputOnlyInPrograms() throws IOException {
    assertEquals(
        List.of(),
        sources(
            text -> text.contains("System.out."),
            path ->
                path.toString().contains("/src/main/")
                    && !path.toString().contains("/gateway/cli/")
                    && !path.startsWith("perf")));
  }

  @Test
  void shouldNameOnlyCommandsThatExistInTheDocuments() throws IOException {
    final Set<String> known = commands();
    final List<String> unknown = new ArrayList<>();
    for (final String name : List.of("README.md", "ARCHITECTURE.md")) {
      final Path file = SourceTree.root().resolve(name);
      if (Files.exists(file)) {
        unknownCommands(Files.readString(file), known).forEach(c -> unknown.add(name + ": " + c));
      }
    }
    assertEquals(List.of(), unknown);
  }

  @Test
  void shouldListAllCommandsAndNoOthersInTheLaunchersHelp() throws IOException {
    final Set<String> listed = new TreeSet<>();
    USAGE_LINE
        .matcher(Files.readString(SourceTree.root().resolve("sealgate")))
        .results()
        .forEach(line -> listed.add(line.group(1)));
    assertEquals(commands(), listed);
  }

  /** The program's commands and the launcher's own. */
  private static Set<String> commands() throws IOException {
    final Set<String> known = new TreeSet<>(Commands.names());
    LAUNCHER_CASE
        .matcher(Files.readString(SourceTree.root().resolve("sealgate")))
        .results()
        .forEach(found -> known.add(found.group(1)));
    known.add("help");
    return known;
  }

  @Test
  void shouldFindWhatItLooksFor() throws IOException {
    assertFalse(sources(text -> text.contains("class TidyTest"), path -> true).isEmpty());
    assertEquals(List.of("fly"), unknownCommands("run ./sealgate fly now", Set.of("run")));
  }

  private static List<String> unknownCommands(final String text, final Set<String> known) {
    return LAUNCHED
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .filter(command -> !known.contains(command))
        .toList();
  }

  /** Java files, as paths below the root, that are of interest and whose text is at fault. */
  private static List<String> sources(final Predicate<String> fault, final Predicate<Path> interest)
      throws IOException {
    final List<String> found = new ArrayList<>();
    final Path root = SourceTree.root();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(
              final Path folder, final BasicFileAttributes attributes) {
            return NOT_SOURCE.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes)
              throws IOException {
            if (file.toString().endsWith(".java")
                && interest.test(root.relativize(file))
                && fault.test(Files.readString(file))) {
              found.add(root.relativize(file).toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  /** The folder with the launcher; tests run in the folder of their module. */
}
