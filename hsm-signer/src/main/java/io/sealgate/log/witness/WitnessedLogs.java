package io.sealgate.log.witness;

import io.sealgate.log.LogOrigin;
import io.sealgate.log.NoteException;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import java.util.ArrayList;
import java.util.List;

/**
 * The logs whose checkpoints a witness cosigns. Shards of one log share their keys, each under the
 * shard's own name; a key given for one shard, or for the log, is taken for all. Immutable.
 */
public final class WitnessedLogs {
  private final List<Vkey> given;

  private WitnessedLogs(List<Vkey> given) {
    this.given = given;
  }

  /**
   * Logs by their keys.
   *
   * @throws IllegalArgumentException if one is a witness's key
   */
  public static WitnessedLogs of(List<Vkey> keys) {
    for (Vkey key : keys) {
      if (key.type() == Vkey.Type.COSIGNATURE_ED25519) {
        throw new IllegalArgumentException(
            key.name() + " is a witness's key (type 04); name the log's key");
      }
    }
    return new WitnessedLogs(List.copyOf(keys));
  }

  /** The keys that sign for an origin; none for a log that is not known. */
  List<Vkey> keys(String origin) {
    List<Vkey> keys = new ArrayList<>();
    for (Vkey key : given) {
      if (TrustPolicy.speaksFor(key, origin)) {
        add(keys, key);
      }
      if (base(key.name()).equals(base(origin))) {
        add(keys, named(key, origin));
      }
    }
    return keys;
  }

  private static void add(List<Vkey> keys, Vkey key) {
    if (!keys.contains(key)) {
      keys.add(key);
    }
  }

  private static Vkey named(Vkey key, String origin) {
    try {
      return Vkey.of(origin, key.publicKey());
    } catch (NoteException e) {
      throw new IllegalStateException("an origin that was read is a key name", e);
    }
  }

  /** The log that an origin is a shard of; the origin itself where it is none. */
  private static String base(String origin) {
    try {
      return LogOrigin.parse(origin).base();
    } catch (IllegalArgumentException _) {
      // A log of another make has no shards.
      return origin;
    }
  }
}
