package io.sealgate.signer.client;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.sealgate.signer.ipc.SealWire;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One producer's way to the signer. The producer's thread offers; the poller opens and closes.
 * Closing unmaps the memory an offer writes to, so the two meet at a gate: the producer raises
 * {@code offering} before it reads {@code publication}, the poller clears {@code publication}
 * before it waits for {@code offering} to fall, and both fields are volatile, so one of the two
 * always sees the other.
 */
final class Lane {
  /** A term of the publication may end up to this often within one offer. */
  private static final int TERM_TURNS_MAX = 2;

  private static final long GATE_PARK_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

  private final int inFlightMax;
  private final UnsafeBuffer head = new UnsafeBuffer(new byte[SealWire.RECORD_HEAD_BYTES]);
  private final UnsafeBuffer body = new UnsafeBuffer(0, 0);
  private volatile boolean offering;
  private volatile ExclusivePublication publication;
  private long clientId;

  /** Written by the producer. */
  private volatile long submitted;

  /** Written by the poller. */
  private volatile long answered;

  Lane(int inFlightMax) {
    this.inFlightMax = inFlightMax;
  }

  /** The producer's thread: copies the record on its way; false when it cannot leave now. */
  boolean submit(int lane, long correlationId, byte[] record, int offset, int length) {
    long sequence = submitted;
    if (sequence - answered >= inFlightMax) {
      return false;
    }
    offering = true;
    try {
      ExclusivePublication open = publication;
      if (open == null) {
        return false;
      }
      SealWire.putRecordHead(head, lane, clientId, correlationId);
      body.wrap(record, offset, length);
      if (!offer(open, length)) {
        return false;
      }
      submitted = sequence + 1;
      return true;
    } finally {
      offering = false;
    }
  }

  private boolean offer(ExclusivePublication open, int length) {
    for (int turn = 0; turn <= TERM_TURNS_MAX; turn++) {
      long position = open.offer(head, 0, SealWire.RECORD_HEAD_BYTES, body, 0, length, null);
      if (position > 0) {
        return true;
      }
      if (position != Publication.ADMIN_ACTION) {
        return false;
      }
    }
    return false;
  }

  /** The poller: lets records out. */
  void open(ExclusivePublication opened, long asClientId) {
    // Written before the volatile store that lets the producer read it.
    clientId = asClientId;
    publication = opened;
  }

  /** The poller: after this the publication is not touched any more, and nothing is in flight. */
  void close() {
    publication = null;
    while (offering) {
      LockSupport.parkNanos(GATE_PARK_NANOS);
    }
    answered = submitted;
  }

  /** The poller: some records were answered. */
  void answered(int count) {
    answered = answered + count;
  }

  int inFlight() {
    long answeredBefore = answered;
    // An answer can overtake the producer's own count of what it submitted.
    return (int) Math.max(0, submitted - answeredBefore);
  }
}
