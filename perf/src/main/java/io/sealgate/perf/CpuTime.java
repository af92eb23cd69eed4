package io.sealgate.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Processor time, from {@code /proc/<pid>/stat} and {@code /proc/stat}. */
final class CpuTime {
  /** USER_HZ: 100 on every x86-64 Linux, whatever the kernel's own tick. */
  private static final long TICKS_PER_SECOND = 100;

  /** Positions of utime and stime after the command name, see proc_pid_stat(5). */
  private static final int UTIME = 11;

  private static final int STIME = 12;

  /** Of {@code /proc/stat}: user, nice, system, then idle, iowait, irq, softirq, then steal. */
  private static final int[] WORK_FIELDS = {1, 2, 3, 8};

  private CpuTime() {}

  /**
   * Time that programs of the whole machine ran or were kept from running by its host. Interrupts
   * are left out: nothing says whose they are.
   */
  static Duration ofMachine() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
      return duration(machineTicks(lines.findFirst().orElseThrow()));
    }
  }

  static long machineTicks(final String total) {
    final String[] fields = total.split(" +");
    long ticks = 0;
    for (final int field : WORK_FIELDS) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks;
  }

  /** User and system time of some processes together; one that has ended counts nothing. */
  static Duration of(final List<Long> pids) throws IOException {
    long ticks = 0;
    for (final long pid : pids) {
      try {
        ticks += ticks(Files.readString(Path.of("/proc/" + pid + "/stat")));
      } catch (final NoSuchFileException ended) {
        // It cannot have been a part of what is measured: those must outlive the run.
      }
    }
    return duration(ticks);
  }

  private static Duration duration(final long ticks) {
    return Duration.ofMillis(ticks * 1_000 / TICKS_PER_SECOND);
  }

  /** The name may hold spaces and brackets, so fields are counted from its last bracket. */
  static long ticks(final String stat) {
    final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
  }
}
