package io.sealgate.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

final class BenchTest {
  @Test
  void shouldShowTheOptionsOfEveryCommandWhenAskedForHelp() {
    for (final Class<?> command : Bench.class.getAnnotation(Command.class).subcommands()) {
      final StringWriter said = new StringWriter();
      final int exit =
          new CommandLine(command).setOut(new PrintWriter(said, true)).execute("--help");
      assertEquals(0, exit, command.getName());
      final String name = command.getAnnotation(Command.class).name();
      assertTrue(said.toString().contains("Usage: " + name + " ["), said.toString());
    }
  }
}
