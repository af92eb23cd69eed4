package io.sealgate.signer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.log.Dsse;
import io.sealgate.log.verify.LogEvents;

/**
 * Tells leaves that only the signer writes: its events, which a verifier takes for the log's own
 * word about keys and shards, and envelopes, which bear its signature. A gateway that could write
 * one could add a key of its own to the log.
 *
 * <p>A verifier reads leaves as canonical JSON and nothing else, in which a member has one spelling
 * and a quotation mark in a string is escaped. So bytes are enough to tell: a record without these
 * has no such member at any depth.
 */
final class OwnForms {
  private static final byte[] EVENT =
      ("\"schema\":\"" + LogEvents.SCHEMA_PREFIX).getBytes(US_ASCII);

  private static final byte[] ENVELOPE =
      ("\"payloadType\":\"" + Dsse.RECORD_TYPE + '"').getBytes(US_ASCII);

  private OwnForms() {}

  /** Whether {@code record[0..length)} has a member that marks a leaf as the signer's. */
  static boolean in(byte[] record, int length) {
    for (int at = 0; at < length; at++) {
      if (record[at] == '"'
          && (isAt(EVENT, record, at, length) || isAt(ENVELOPE, record, at, length))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(byte[] form, byte[] record, int at, int length) {
    if (at + form.length > length) {
      return false;
    }
    // The first byte is compared by the caller.
    for (int i = 1; i < form.length; i++) {
      if (record[at + i] != form[i]) {
        return false;
      }
    }
    return true;
  }
}
