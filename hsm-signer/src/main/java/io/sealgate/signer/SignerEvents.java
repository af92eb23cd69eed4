package io.sealgate.signer;

import io.sealgate.log.JcsException;
import io.sealgate.log.JcsReader;
import io.sealgate.log.JcsWriter;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.Vkey;
import io.sealgate.log.verify.LogEvents;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/**
 * The leaves a signer writes about itself, in canonical JSON of schema {@value #SCHEMA}. Every leaf
 * has {@code boot}, {@code event}, {@code log} (the shard's origin), {@code schema} and {@code
 * time}; tree sizes and indexes are decimal strings, keys are verifier keys (C2SP signed-note).
 *
 * <pre>
 * key-add         key, valid_from    heads of a size above valid_from may bear the key's signature;
 *                                    the head that covers this leaf is signed by an older key,
 *                                    except for the first key of a log
 * key-retire      key, last_size     heads above last_size with the key's signature are not valid
 * shard-open      previous {checkpoint_sha256, origin, root, size}; first leaf of a shard that
 *                 follows another: the head of its predecessor, hashes in hexadecimal
 * shard-close     next, reason       last leaf of a shard; the origin that follows
 * shard-delete    shard {checkpoint_sha256, origin, root, size}; its records were deleted at the
 *                 end of their retention, its last checkpoint is kept
 * shard-hold      shard, reason      a shard past its retention is kept for a legal hold
 * retention-below-minimum  days      records are kept for less than the default minimum
 * heartbeat, signer-start            the log is alive; key is the key that signs
 * ceremony        key, transcript_sha256   a key ceremony was held
 * key-attestation key, attestation_sha256  what the token's maker says about the key
 * </pre>
 */
final class SignerEvents {
  static final String SCHEMA = LogEvents.SCHEMA_PREFIX + "1";

  private final String boot;
  private final Clock clock;

  /**
   * Events of one life of the signer.
   *
   * @param boot names that life
   */
  SignerEvents(String boot, Clock clock) {
    this.boot = boot;
    this.clock = clock;
  }

  /** An event of a shard with members of its own: strings, or maps of strings. */
  byte[] event(String name, LogOrigin origin, Map<String, ?> members) {
    Map<String, Object> all = new TreeMap<>(members);
    all.put("boot", boot);
    all.put("event", name);
    all.put("log", origin.name());
    all.put("schema", SCHEMA);
    all.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    JcsWriter out = new JcsWriter();
    write(out, all);
    return out.toByteArray();
  }

  private static void write(JcsWriter out, Map<?, ?> members) {
    out.beginObject();
    new TreeMap<>(members)
        .forEach(
            (name, value) -> {
              out.name(name.toString());
              if (value instanceof Map<?, ?> nested) {
                write(out, nested);
              } else {
                out.value(value.toString());
              }
            });
    out.endObject();
  }

  /** A key whose signature is valid on heads above {@code size}. */
  byte[] keyAdd(LogOrigin origin, Vkey key, long size) {
    return event(
        "key-add", origin, Map.of("key", key.toString(), "valid_from", Long.toString(size)));
  }

  /** A key whose signature does not count on heads above {@code lastSize}. */
  byte[] keyRetire(LogOrigin origin, Vkey key, long lastSize) {
    return event(
        "key-retire", origin, Map.of("key", key.toString(), "last_size", Long.toString(lastSize)));
  }

  /** A signer begins to write, or still writes though there are no calls. */
  byte[] alive(String name, LogOrigin origin, Vkey key) {
    return event(name, origin, Map.of("key", key.toString()));
  }

  /** The members of an event leaf of that name, or null if the record is none. */
  static Map<?, ?> parse(byte[] record, String name) {
    try {
      return record != null
              && JcsReader.parse(record) instanceof Map<?, ?> members
              && SCHEMA.equals(members.get("schema"))
              && name.equals(members.get("event"))
          ? members
          : null;
    } catch (JcsException _) {
      // A record that is no canonical JSON is no event of ours.
      return null;
    }
  }
}
