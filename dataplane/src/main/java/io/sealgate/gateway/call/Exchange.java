package io.sealgate.gateway.call;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.sealgate.gateway.problem.Problem;
import io.sealgate.gateway.seal.SealWaiter;
import io.sealgate.gateway.upstream.Upstream;
import io.sealgate.policy.Reservation;

/**
 * What is known of one call, from its first header byte to its last answer byte. Confined to the
 * event loop of its caller's connection. The pipeline fills it phase by phase.
 */
final class Exchange {
  private static final AsciiString REQUEST_ID = AsciiString.cached("x-sealgate-request-id");
  private static final AsciiString DECISION = AsciiString.cached("x-sealgate-decision");
  private static final AsciiString RECORD = AsciiString.cached("x-sealgate-record");
  private static final AsciiString SHARD = AsciiString.cached("x-sealgate-shard");
  private static final AsciiString POLICY = AsciiString.cached("x-sealgate-policy");
  private static final AsciiString RETRY_AFTER = AsciiString.cached("retry-after");

  /** A body that announces its length gets this much at once; more is taken as it arrives. */
  private static final int BODY_FIRST_BYTES_MAX = 64 * 1024;

  final Worker worker;
  final CallerChannel channel;
  final Route route;
  final String requestId;
  final long startNanos;
  final long startMillis;

  /** Who calls; set with the head. */
  Authentication authentication;

  private ByteBuf body;

  /** The model asked for; null until the body was read. */
  String model;

  boolean stream;
  Upstream upstream;
  long promptTextBytes;

  /** What is decided and, when the call is denied, why. */
  String decision = "block";

  Problem problem;
  String snapshotId;

  /** What the call took from limits and budgets; settled with its outcome. */
  final Reservation reservation = new Reservation();

  /** The body for the provider; handed over when the call is forwarded. */
  ByteBuf forwardBody;

  /** The shard of the sealed decision record; null until the receipt is there, or unsealed. */
  private String decisionShard;

  /** Its index in that shard; -1 until the receipt is there. */
  long decisionIndex = -1;

  private long sealDeadlineNanos;
  private int sealsPending;

  /** What of the call is kept, and under which commitments. */
  final Keeping keeping;

  /** Set when the call is over; what arrives later finds nothing to do. */
  boolean ended;

  private Relay relay;
  long upstreamNanos;
  long sealStartNanos;

  /** Body bytes that were read from the caller. */
  int receivedBytes;

  Exchange(
      final Worker worker,
      final CallerChannel channel,
      final Route route,
      final String requestId,
      final long startMillis) {
    this.worker = worker;
    this.channel = channel;
    this.route = route;
    this.requestId = requestId;
    this.startMillis = startMillis;
    this.startNanos = System.nanoTime();
    this.keeping = new Keeping(this);
  }

  /** Makes room for a body of the announced length. */
  void expectBody(final int announcedBytes) {
    body = channel.channel().alloc().heapBuffer(Math.min(announcedBytes, BODY_FIRST_BYTES_MAX));
  }

  /** Takes a copy; false when the body grows over the limit. */
  boolean addBody(final ByteBuf bytes, final int bytesMax) {
    if (body.readableBytes() + bytes.readableBytes() > bytesMax) {
      return false;
    }
    body.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    return true;
  }

  /** The caller's bytes; empty or null when none were read. */
  ByteBuf body() {
    return body;
  }

  int bodyBytes() {
    return body == null ? 0 : body.readableBytes();
  }

  /** Takes the body out of the exchange: its reference is the caller's of this method. */
  ByteBuf takeBody() {
    final ByteBuf taken = body;
    body = null;
    return taken;
  }

  /** Starts waiting for a receipt, with a deadline. */
  void awaitSeal() {
    sealsPending++;
    sealDeadlineNanos = System.nanoTime() + worker.limits().sealDeadlineMs() * 1_000_000L;
  }

  void sealArrived() {
    sealsPending--;
  }

  /** What to call when the decision record is sealed. */
  SealWaiter decisionWaiter() {
    return new SealWaiter() {
      @Override
      public void sealed(final String shard, final long index) {
        sealArrived();
        decisionShard = shard;
        decisionIndex = index;
        worker.pipeline().decisionSealed(Exchange.this);
      }

      @Override
      public void failed(final String reason) {
        sealArrived();
        worker.pipeline().sealFailed(Exchange.this);
      }
    };
  }

  /** The provider's side of this call, once it is forwarded. */
  void relay(final Relay started) {
    relay = started;
  }

  Relay relay() {
    return relay;
  }

  /** Adds the fields that every answer carries. */
  void describe(final HttpHeaders headers) {
    headers.set(REQUEST_ID, requestId);
    headers.set(DECISION, decision);
    if (decisionIndex >= 0) {
      headers.set(RECORD, Long.toString(decisionIndex));
    }
    if (decisionShard != null) {
      headers.set(SHARD, decisionShard);
    }
    if (snapshotId != null) {
      headers.set(POLICY, snapshotId);
    }
    if (problem != null && problem.retryAfterSeconds() > 0) {
      headers.set(RETRY_AFTER, Long.toString(problem.retryAfterSeconds()));
    }
  }

  void callerWritable(final boolean writable) {
    if (relay != null) {
      relay.callerWritable(writable);
    }
  }

  void tick(final long nowNanos) {
    if (sealsPending > 0 && nowNanos - sealDeadlineNanos >= 0) {
      sealsPending = 0;
      worker.pipeline().sealFailed(this);
      return;
    }
    keeping.tick(nowNanos);
    if (relay != null) {
      relay.tick(nowNanos);
    }
  }

  /** The caller closed its connection before the answer was complete. */
  void callerGone() {
    if (relay != null) {
      relay.callerGone();
    }
  }

  /** Frees what the call holds; called once, when it is over. */
  void release() {
    ended = true;
    if (!reservation.isEmpty()) {
      worker.limitState().cancel(reservation);
    }
    if (relay != null) {
      relay.close();
    }
    if (body != null) {
      body.release();
      body = null;
    }
    if (forwardBody != null) {
      forwardBody.release();
      forwardBody = null;
    }
  }
}
