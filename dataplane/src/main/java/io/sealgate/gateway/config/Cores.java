package io.sealgate.gateway.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The cores that run an event loop each.
 *
 * @param ids core numbers as the kernel counts them; empty for {@code auto}
 */
public record Cores(List<Integer> ids) {
  /** Every core the process may use, less one on machines of more than two. */
  public static final Cores AUTO = new Cores(List.of());

  static final int CORES_MAX = 1_024;
  private static final int SMALL_MACHINE_CORES_MAX = 2;
  private static final Path PROCESS_STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED_FIELD = "Cpus_allowed_list:";

  public Cores {
    ids = List.copyOf(ids);
  }

  /** Whether the choice is left to {@link #resolve}. */
  public boolean auto() {
    return ids.isEmpty();
  }

  /**
   * The cores to use, given those that the process may use. With {@code auto} on a machine of more
   * than two, the first one stays free for the JVM's own threads and the signer.
   *
   * @param allowed cores of the process's affinity mask, ascending; at least one
   * @throws ConfigException when a configured core is not among them
   */
  public List<Integer> resolve(final List<Integer> allowed) {
    if (auto()) {
      return allowed.size() <= SMALL_MACHINE_CORES_MAX
          ? List.copyOf(allowed)
          : List.copyOf(allowed.subList(1, allowed.size()));
    }
    for (final int id : ids) {
      if (!allowed.contains(id)) {
        throw new ConfigException(
            "sealgate.yaml",
            0,
            "cores",
            "core " + id + " is not available to this process; available: " + allowed);
      }
    }
    return ids;
  }

  /**
   * The affinity mask that this process was started with, ascending.
   *
   * @throws UncheckedIOException when the kernel does not tell
   */
  public static List<Integer> allowedToProcess() {
    try {
      for (final String line : Files.readAllLines(PROCESS_STATUS)) {
        if (line.startsWith(ALLOWED_FIELD)) {
          return parseList(line.substring(ALLOWED_FIELD.length()).strip());
        }
      }
      throw new IOException(PROCESS_STATUS + " has no " + ALLOWED_FIELD);
    } catch (final IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Parses the kernel's list form, such as {@code 0-3,8}. */
  static List<Integer> parseList(final String list) {
    final List<Integer> ids = new ArrayList<>();
    for (final String range : list.split(",")) {
      final int dash = range.indexOf('-');
      final int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      final int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      for (int id = first; id <= last; id++) {
        ids.add(id);
      }
    }
    return List.copyOf(ids);
  }
}
