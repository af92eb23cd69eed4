package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.store.StateStore;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A publisher that is killed leaves either the old or the new version, whole. */
final class PublishCrashTest {
  private static final long SEED = 9L;
  private static final int KILLS = 3;

  @TempDir Path dir;

  /** Publishes without end; the n-th version holds two policies that admit model n. */
  static final class Publisher {
    private Publisher() {}

    public static void main(String[] args) throws Exception {
      try (StateStore state = StateStore.open(Path.of(args[0]))) {
        final PolicyStore store = new PolicyStore(state);
        while (true) {
          final long next = store.active("acme").map(PolicyStore.Version::number).orElse(0L) + 1;
          final List<PolicyDocument> docs = List.of(document("a", next), document("b", next));
          final Snapshot snapshot = PolicyCompiler.compile("acme", docs, TestTypes.TYPES);
          store.publish("acme", docs, snapshot, "ada", next);
          System.out.println(next);
        }
      }
    }
  }

  private static PolicyDocument document(String name, long version) throws PolicyException {
    return TestTypes.document(
        "{policy_name: " + name + ", rules: [{type: model_access, models: [m" + version + "]}]}");
  }

  @Test
  void shouldKeepAWholeVersionWhenThePublisherIsKilled() throws Exception {
    final Random random = new Random(SEED);
    long last = 0;
    for (int i = 0; i < KILLS; i++) {
      last = check(kill(5 + random.nextInt(20), random.nextInt(5)), last);
    }
  }

  /** Kills after so many publishes and milliseconds; returns the last version it reported. */
  private long kill(int publishes, int millis) throws Exception {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Publisher.class.getName(),
            dir.toString()));
    final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      long reported = 0;
      int seen = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.matches("[0-9]+")) {
          reported = Long.parseLong(line);
          if (++seen == publishes) {
            TimeUnit.MILLISECONDS.sleep(millis);
            // Not Process.destroyForcibly, which also closes the stream with the last reports.
            assertTrue(process.toHandle().destroyForcibly());
          }
        }
      }
      assertTrue(seen >= publishes, "the publisher did not come that far");
      return reported;
    } finally {
      process.destroyForcibly();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the publisher is still there");
    }
  }

  private long check(long reported, long before) throws Exception {
    try (StateStore state = StateStore.open(dir)) {
      final PolicyStore store = new PolicyStore(state);
      final PolicyStore.Version active = store.active("acme").orElseThrow();
      assertTrue(active.number() >= reported, "a version that was reported is there");
      assertTrue(active.number() <= reported + 1 && active.number() > before);
      final List<PolicyStore.Version> history = store.history("acme", 1, Integer.MAX_VALUE);
      assertEquals(active, history.getLast());
      assertEquals(active.number(), history.size(), "no version is missing or half there");
      for (final PolicyStore.Version version : history) {
        final List<PolicyDocument> docs = store.documents(version, TestTypes.TYPES);
        assertEquals(2, docs.size());
        assertEquals(
            version.snapshotId(), PolicyCompiler.compile("acme", docs, TestTypes.TYPES).id());
      }
      return active.number();
    }
  }
}
