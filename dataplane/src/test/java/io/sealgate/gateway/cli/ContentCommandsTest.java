package io.sealgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.cli.Commands.Said;
import io.sealgate.gateway.testkit.ProcessGateway;
import io.sealgate.gateway.testkit.ProcessGateway.Answer;
import io.sealgate.gateway.testkit.Until;
import io.sealgate.log.JcsReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do with kept prompts and answers, over crashes of everything. */
class ContentCommandsTest {
  private static final int THREADS = 4;
  private static final int ANSWERS_BEFORE_THE_KILL = 40;

  @TempDir private Path folder;

  private static Map<?, ?> json(final Said said) throws IOException {
    assertEquals(0, said.exit(), said.toString());
    return (Map<?, ?>) JcsReader.parse(said.out().strip().getBytes(StandardCharsets.UTF_8));
  }

  private Said run(final String... arguments) {
    final String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--data";
    all[arguments.length + 1] = folder.resolve("data").toString();
    return Commands.run(all);
  }

  private Said content(final long record) {
    return run("audit", "content", Long.toString(record), "--reason", "a test", "--json");
  }

  @Test
  void shouldHaveTheContentOfEveryReleasedAnswerAfterAKill() throws Exception {
    final Path policy = folder.resolve("keep.yaml");
    Files.writeString(policy, "{policy_name: keep, capture: content}\n");
    final Queue<Answer> released = new ConcurrentLinkedQueue<>();
    try (ProcessGateway gateway = ProcessGateway.start(folder)) {
      assertEquals(0, run("policy", "apply", policy.toString()).exit());
      final Thread[] callers = new Thread[THREADS];
      for (int i = 0; i < THREADS; i++) {
        callers[i] = Thread.ofPlatform().start(() -> callUntilGone(gateway, released));
      }
      Until.holds("answers", () -> released.size() > ANSWERS_BEFORE_THE_KILL);
      final ProcessHandle signer = gateway.signer().orElseThrow();
      gateway.process().destroyForcibly();
      signer.destroyForcibly();
      for (final Thread caller : callers) {
        caller.join();
      }
      Until.holds("the signer's end", () -> ProcessGateway.gone(signer.pid()));
    }
    final Said nobody = content(1);
    assertFalse(nobody.exit() == 0);
    assertTrue(nobody.err().contains("no gateway runs") || nobody.err().contains("not answer"));
    try (ProcessGateway gateway = ProcessGateway.start(folder)) {
      for (final Answer answer : released) {
        final Map<?, ?> kept = json(content(answer.record().orElseThrow()));
        assertEquals(true, ((Map<?, ?>) kept.get("prompt")).get("matches_record"));
        assertEquals(true, ((Map<?, ?>) kept.get("answer")).get("matches_record"));
        assertEquals(answer.body(), ((Map<?, ?>) kept.get("answer")).get("text"));
      }
      final Said plain = run("audit", "content", "" + record(released), "--reason", "as text");
      assertTrue(plain.out().contains("matches_record: true"), plain.out());
      assertTrue(run("key", "list").out().contains("AES-256 'sealgate-log-content': usable"));
      refuseWhileNothingCanBeSealed(gateway, record(released));
      erase(record(released));
    }
    assertEquals(0, run("verify").exit());
  }

  private static long record(final Queue<Answer> released) {
    return released.peek().record().orElseThrow();
  }

  private static void callUntilGone(final ProcessGateway gateway, final Queue<Answer> released) {
    try {
      while (true) {
        final Answer answer = gateway.chat("hello");
        if (answer.status() == 200) {
          released.add(answer);
        }
      }
    } catch (final IOException e) {
      // The gateway is gone.
      return;
    } catch (final InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is not sealed is not read. */
  private void refuseWhileNothingCanBeSealed(final ProcessGateway gateway, final long record)
      throws Exception {
    final ProcessHandle signer = gateway.signer().orElseThrow();
    signal("STOP", signer);
    try {
      Until.holds(
          "readings are refused",
          () -> {
            final Said refused = content(record);
            assertFalse(refused.out().contains("hello"), refused.out());
            return refused.exit() != 0 && refused.err().contains("audit_unavailable");
          });
    } finally {
      signal("CONT", signer);
    }
    Until.holds("readings are answered again", () -> content(record).exit() == 0);
  }

  private static void signal(final String name, final ProcessHandle process) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  private void erase(final long record) throws Exception {
    final Map<?, ?> shown = json(run("audit", "show", Long.toString(record), "--json"));
    final String user = (String) ((Map<?, ?>) shown.get("caller")).get("user");
    final Said done = run("audit", "erase", "--subject", user, "--reason", "she asked");
    assertEquals(0, done.exit(), done.toString());
    assertTrue(done.out().startsWith("erased ") && !done.out().startsWith("erased 0"), done.out());
    assertEquals("erased", ((Map<?, ?>) json(content(record)).get("prompt")).get("state"));
    final Said missing = run("audit", "erase", "--subject", user);
    assertTrue(missing.err().contains("--reason"), missing.err());
  }
}
