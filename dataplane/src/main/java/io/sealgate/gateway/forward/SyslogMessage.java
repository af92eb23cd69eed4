package io.sealgate.gateway.forward;

import io.sealgate.log.JcsException;
import io.sealgate.log.JcsReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A sealed record as a syslog message (RFC 5424) in a frame with its length (RFC 5425). The message
 * is the record's exact bytes, so that its leaf hash can be checked at the collector; the
 * structured data says where in the log it is, which also tells a record that came twice.
 */
final class SyslogMessage {
  /** Facility 13, log audit. */
  private static final int FACILITY = 13 << 3;

  private static final int WARNING = 4;
  private static final int INFORMATIONAL = 6;

  /** RFC 5612's number for documentation: there is no registered one for this product. */
  private static final String STRUCTURED_DATA_ID = "sealgate@32473";

  private static final Pattern TIMESTAMP =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z");
  private static final Pattern MESSAGE_ID = Pattern.compile("[a-z-]{1,32}");

  private final String host;

  /**
   * Messages of one machine.
   *
   * @param host its name; what RFC 5424 does not allow in a HOSTNAME is replaced
   */
  SyslogMessage(final String host) {
    final String printable = host.replaceAll("[^\\x21-\\x7e]", "_");
    this.host =
        printable.isEmpty() ? "-" : printable.substring(0, Math.min(255, printable.length()));
  }

  /** The frame for a record. */
  byte[] frame(final String shard, final long index, final byte[] record) {
    final Map<?, ?> members = members(record);
    final boolean released = !"block".equals(members.get("done"));
    final String head =
        "<"
            + (FACILITY + (released ? INFORMATIONAL : WARNING))
            + ">1 "
            + field(members.get("time"), TIMESTAMP)
            + " "
            + host
            + " sealgate - "
            + field(members.containsKey("kind") ? members.get("kind") : "event", MESSAGE_ID)
            + " ["
            + STRUCTURED_DATA_ID
            + " shard=\""
            + shard
            + "\" index=\""
            + index
            + "\"] ";
    final byte[] before = head.getBytes(StandardCharsets.US_ASCII);
    final byte[] length = (before.length + record.length + " ").getBytes(StandardCharsets.US_ASCII);
    final byte[] frame = new byte[length.length + before.length + record.length];
    System.arraycopy(length, 0, frame, 0, length.length);
    System.arraycopy(before, 0, frame, length.length, before.length);
    System.arraycopy(record, 0, frame, length.length + before.length, record.length);
    return frame;
  }

  private static Map<?, ?> members(final byte[] record) {
    try {
      return JcsReader.parse(record) instanceof Map<?, ?> map ? map : Map.of();
    } catch (final JcsException e) {
      // A leaf that is no record of ours goes out all the same, without a time and a kind.
      return Map.of();
    }
  }

  private static String field(final Object value, final Pattern form) {
    return value instanceof String text && form.matcher(text).matches() ? text : "-";
  }
}
