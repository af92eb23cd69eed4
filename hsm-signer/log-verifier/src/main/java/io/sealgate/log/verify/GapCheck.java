package io.sealgate.log.verify;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Looks for records that were written and not sealed, over all shards of a log: holes in the
 * sequence numbers of each writer, and silences longer than heartbeats allow.
 *
 * <p>A hole is no forgery: the tree shows that nothing was taken out of the log. It is a record
 * that did not come in, such as that of a call denied because sealing failed.
 */
final class GapCheck {
  /** Writers kept in mind at once; one is an event loop of one run of a gateway. */
  private static final int WRITERS_MAX = 4_096;

  /** Missing numbers kept in mind for a writer, until they come late. */
  private static final int MISSING_MAX = 1_024;

  /** Most warnings kept. */
  private static final int WARNINGS_MAX = 100;

  private final Duration silenceMax;
  private final Map<Name, Writer> writers = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private long left;
  private Instant last;

  /** An event loop of one run of a gateway. */
  private record Name(Object instance, Object boot) {
    @Override
    public String toString() {
      return instance + "/" + boot;
    }
  }

  private static final class Writer {
    private long next;
    private long dropped;
    private final TreeSet<Long> missing = new TreeSet<>();
  }

  /**
   * Begins before the first record.
   *
   * @param silenceMax longest time between two records, or null for any
   */
  GapCheck(Duration silenceMax) {
    this.silenceMax = silenceMax;
  }

  void record(String shard, long index, Map<?, ?> record) {
    if (record.get("gateway") instanceof Map<?, ?> gateway
        && gateway.get("sequence") instanceof Long sequence) {
      sequence(shard, index, new Name(gateway.get("instance"), gateway.get("boot")), sequence);
    }
    if (silenceMax != null && record.get("time") instanceof String time) {
      time(shard, index, time);
    }
  }

  private void sequence(String shard, long index, Name name, long sequence) {
    Writer writer = writers.get(name);
    if (writer == null) {
      if (writers.size() == WRITERS_MAX) {
        Name oldest = writers.keySet().iterator().next();
        report(oldest, writers.remove(oldest));
      }
      writer = new Writer();
      writers.put(name, writer);
    }
    if (sequence >= writer.next) {
      for (long number = writer.next; number < sequence; number++) {
        if (writer.missing.size() == MISSING_MAX) {
          writer.dropped += sequence - number;
          break;
        }
        writer.missing.add(number);
      }
      writer.next = sequence + 1;
    } else if (!writer.missing.remove(sequence) && writer.dropped == 0) {
      warn(shard + "/" + index + ": sequence number " + sequence + " of " + name + " comes again");
    }
  }

  private void time(String shard, long index, String time) {
    Instant moment;
    try {
      moment = Instant.parse(time);
    } catch (DateTimeException _) {
      warn(shard + "/" + index + ": the record's time cannot be read");
      return;
    }
    if (last != null && Duration.between(last, moment).compareTo(silenceMax) > 0) {
      warn(shard + "/" + index + ": no record for " + Duration.between(last, moment));
    }
    if (last == null || moment.isAfter(last)) {
      last = moment;
    }
  }

  /** All that was found, when the last record was seen. */
  List<String> finish() {
    writers.forEach(this::report);
    writers.clear();
    if (left > 0) {
      warnings.add("and " + left + " gaps more");
      left = 0;
    }
    return List.copyOf(warnings);
  }

  private void report(Name name, Writer writer) {
    if (!writer.missing.isEmpty()) {
      warn(
          name
              + " sealed up to number "
              + (writer.next - 1)
              + " but not "
              + (writer.missing.size() + writer.dropped)
              + " of them, the first is "
              + writer.missing.first());
    }
  }

  private void warn(String warning) {
    if (warnings.size() == WARNINGS_MAX) {
      left++;
    } else {
      warnings.add(warning);
    }
  }
}
