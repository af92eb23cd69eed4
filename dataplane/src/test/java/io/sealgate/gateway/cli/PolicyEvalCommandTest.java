package io.sealgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyEvalCommandTest {
  @TempDir private Path folder;

  private Commands.Said eval(final byte[] cases) throws IOException {
    final Path file = Files.write(folder.resolve("cases.jsonl"), cases);
    return Commands.run("policy", "eval", "--cases", file.toString());
  }

  @Test
  void shouldWriteOneLineForEachCase() throws IOException {
    final Commands.Said said =
        eval(
            """
            {"file":"f","section":"s","name":"n","expr":"x + 1","bindings":{"x":{"int64Value":"4"}}}

            {"name":"e","expr":"1 / 0"}
            {"name":"r","expr":"TestAllTypes{}"}
            {"name":"t","expr":"[1u]","checkOnly":true}
            """
                .getBytes());
    assertEquals(0, said.exit(), said::err);
    final String[] lines = said.out().split("\\R");
    assertEquals(4, lines.length, said::out);
    assertEquals(
        "{\"file\":\"f\",\"section\":\"s\",\"name\":\"n\",\"status\":\"value\","
            + "\"value\":{\"int64Value\":\"5\"}}",
        lines[0]);
    assertTrue(lines[1].startsWith("{\"name\":\"e\",\"status\":\"error\",\"message\":"), lines[1]);
    assertTrue(lines[2].startsWith("{\"name\":\"r\",\"status\":\"refused\""), lines[2]);
    assertEquals(
        "{\"name\":\"t\",\"status\":\"value\",\"typedResult\":[[\"deduced_type\","
            + "[[\"list_type\",[[\"elem_type\",[[\"primitive\",\"UINT64\"]]]]]]]]}",
        lines[3]);
  }

  @Test
  void shouldNameTheLineWhenItIsNoCase() throws IOException {
    final Commands.Said said = eval("{\"expr\":\"1\"}\n{\"expr\":\n".getBytes());
    assertEquals(2, said.exit());
    assertTrue(
        said.err().contains("cases.jsonl:2: the case cannot be read: this is not JSON: "),
        said::err);
    assertEquals(1, said.out().lines().count(), "what came before is answered");
  }

  @Test
  void shouldNameTheLineWhenItIsNotUtf8() throws IOException {
    final Commands.Said said = eval(new byte[] {'"', (byte) 0xff, '"'});
    assertEquals(2, said.exit());
    assertTrue(said.err().contains("cases.jsonl:1: the text is not UTF-8"), said::err);
  }
}
