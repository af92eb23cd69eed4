package io.sealgate.signer;

import io.sealgate.log.JcsWriter;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.Vkey;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** The leaves a signer writes about itself, in canonical JSON of schema {@value #SCHEMA}. */
final class SignerEvents {
  static final String SCHEMA = "sealgate.event/1";

  private final LogOrigin origin;
  private final Vkey key;
  private final String boot;
  private final Clock clock;

  /**
   * Events of one life of the signer.
   *
   * @param boot names that life
   */
  SignerEvents(LogOrigin origin, Vkey key, String boot, Clock clock) {
    this.origin = origin;
    this.key = key;
    this.boot = boot;
    this.clock = clock;
  }

  /** The key that signs from here on; the first leaf of a shard. */
  byte[] keyAdd() {
    return event("key-add");
  }

  /** A signer begins to write. */
  byte[] signerStart() {
    return event("signer-start");
  }

  private byte[] event(String name) {
    return new JcsWriter()
        .beginObject()
        .name("boot")
        .value(boot)
        .name("event")
        .value(name)
        .name("key")
        .value(key.toString())
        .name("log")
        .value(origin.name())
        .name("schema")
        .value(SCHEMA)
        .name("time")
        .value(clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
        .endObject()
        .toByteArray();
  }
}
