package io.sealgate.perf;

import io.sealgate.perf.policy.PublishTimes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@link PublishTimes} says, run in a process of its own with the flags of this one. */
record PublishMeasures(Map<String, Double> values) {
  static PublishMeasures run() throws BenchException, InterruptedException {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), PublishTimes.class.getName()));
    try {
      final Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      final String output;
      try {
        output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } finally {
        process.destroy();
      }
      final int code = process.waitFor();
      if (code != 0) {
        throw new BenchException("measuring publishes ended with code " + code);
      }
      return new PublishMeasures(values(output));
    } catch (final IOException failed) {
      throw new BenchException("cannot measure publishes: " + failed.getMessage(), failed);
    }
  }

  private static Map<String, Double> values(final String output) {
    final Map<String, Double> values = new HashMap<>();
    for (final String line : output.lines().toList()) {
      final String[] parts = line.split(" ");
      if (parts.length == 2) {
        values.put(parts[0], Double.valueOf(parts[1]));
      }
    }
    return values;
  }

  double get(final String name) throws BenchException {
    final Double value = values.get(name);
    if (value == null) {
      throw new BenchException("measuring publishes did not say " + name);
    }
    return value;
  }
}
