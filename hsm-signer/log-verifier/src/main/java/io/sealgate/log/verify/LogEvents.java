package io.sealgate.log.verify;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * The events a log records about itself, as far as a verifier reads them. Sizes are decimal
 * strings.
 */
public final class LogEvents {
  /** Schemas of events begin with this; only the writer of a log writes leaves that have one. */
  public static final String SCHEMA_PREFIX = "sealgate.event/";

  /** A key signs from a size on: members {@link #KEY} and {@link #VALID_FROM}. */
  static final String KEY_ADD = "key-add";

  /** A key signs no more beyond a size: members {@link #KEY} and {@link #LAST_SIZE}. */
  static final String KEY_RETIRE = "key-retire";

  /** First record of a shard that continues another: member {@link #PREVIOUS}. */
  static final String SHARD_OPEN = "shard-open";

  /** A verifier key in its text form. */
  static final String KEY = "key";

  /** The key may sign heads of more records than this; absent or 0 means any head. */
  static final String VALID_FROM = "valid_from";

  /** Last tree size the key may sign. */
  static final String LAST_SIZE = "last_size";

  /** The shard before: {@link #ORIGIN}, {@link #SIZE} and {@link #ROOT} of its last checkpoint. */
  static final String PREVIOUS = "previous";

  static final String ORIGIN = "origin";
  static final String SIZE = "size";

  /** 32 bytes in lower-case hex. */
  static final String ROOT = "root";

  /** SHA-256 of the signed note, in lower-case hex. */
  static final String CHECKPOINT_SHA256 = "checkpoint_sha256";

  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,17}");

  private LogEvents() {}

  /** A size, written as a decimal string; -1 if it is not one. */
  static long size(Object member) {
    return member instanceof String text && DECIMAL.matcher(text).matches()
        ? Long.parseLong(text)
        : -1;
  }

  /** The event's name, or null if the record is none. */
  static String name(Map<?, ?> record) {
    return record.get("schema") instanceof String schema
            && schema.startsWith(SCHEMA_PREFIX)
            && record.get("event") instanceof String event
        ? event
        : null;
  }
}
