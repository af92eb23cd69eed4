package io.sealgate.gateway.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.sealgate.gateway.content.Content.Part;
import io.sealgate.gateway.openai.EventStream;
import io.sealgate.gateway.openai.OpenAiErrors;
import io.sealgate.gateway.openai.TokenUsage;
import io.sealgate.gateway.problem.Problem;
import io.sealgate.gateway.seal.SealWaiter;
import io.sealgate.gateway.upstream.UpstreamCall;
import io.sealgate.gateway.upstream.UpstreamFailure;
import io.sealgate.gateway.upstream.UpstreamListener;
import io.sealgate.gateway.upstream.UpstreamRequest;

/**
 * The provider's side of one call: sends it, checks and holds back what comes, and lets it out.
 * Nothing leaves before the decision record's receipt; the last bytes (of a plain answer: all of
 * it) wait for the outcome record's receipt too.
 */
final class Relay implements UpstreamListener {
  static final AsciiString JSON = AsciiString.cached("application/json");
  private static final AsciiString EVENTS = AsciiString.cached("text/event-stream; charset=utf-8");
  private static final int EVENT_BYTES_MAX = 1 << 20;
  private static final int RETRIES_MAX = 1;

  /** What is held for a caller that is slower than its provider, or for a receipt. */
  private static final int HELD_BYTES_MAX = 256 * 1024;

  private enum State {
    WAITING_FOR_HEAD,
    /** Collecting a plain answer. */
    COLLECTING,
    /** Passing events on. */
    STREAMING,
    /** The provider is done; the outcome record is on its way. */
    SEALING_OUTCOME,
    DONE
  }

  private final Exchange call;
  private final TokenUsage usage = new TokenUsage();
  private final AnswerDigest digest;
  private State state = State.WAITING_FOR_HEAD;
  private UpstreamCall upstreamCall;
  private ByteBuf retryBody;
  private int retries;
  private int upstreamStatus;
  private EventStream events;
  private ByteBuf held;
  private ByteBuf lastWords = Unpooled.EMPTY_BUFFER;
  private boolean headSent;
  private boolean outcomeSubmitted;
  private boolean outcomeSealed;
  private boolean paused;
  private long answerBytes;
  private long sentNanos;
  private long deadlineNanos;

  /** Since when the caller takes nothing; 0 while it does. */
  private long stalledSinceNanos;

  private Problem problem;

  Relay(final Exchange call) {
    this.call = call;
    this.digest = new AnswerDigest(call.keeping, call.requestId);
  }

  /** Sends the call; takes over the body's reference. */
  void send(final ByteBuf body) {
    retryBody = body.retainedDuplicate();
    sentNanos = System.nanoTime();
    upstreamCall = call.worker.pool(call.upstream).send(request(body), this);
    responseDeadline();
  }

  private UpstreamRequest request(final ByteBuf body) {
    return new UpstreamRequest("/chat/completions", body, call.stream);
  }

  private void responseDeadline() {
    deadlineNanos = System.nanoTime() + call.upstream.config().responseTimeoutMs() * 1_000_000L;
  }

  @Override
  public void onHead(final int status, final HttpHeaders headers) {
    upstreamStatus = status;
    dropRetryBody();
    progress();
    final String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    held = call.channel.channel().alloc().heapBuffer(1024);
    if (call.stream && status == 200 && type.regionMatches(true, 0, "text/event-stream", 0, 17)) {
      state = State.STREAMING;
      events = new EventStream(call.channel.channel().alloc(), EVENT_BYTES_MAX);
    } else {
      state = State.COLLECTING;
    }
  }

  private void progress() {
    deadlineNanos = System.nanoTime() + call.upstream.config().idleTimeoutMs() * 1_000_000L;
  }

  @Override
  public void onBody(final ByteBuf bytes) {
    progress();
    answerBytes += bytes.readableBytes();
    if (answerBytes > call.worker.limits().responseBytesMax()) {
      fail(
          Problem.upstream(
              502, "upstream_answer_too_large", "the provider's answer is over the limit"));
    } else if (state == State.COLLECTING) {
      held.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    } else if (state == State.STREAMING) {
      events.add(bytes);
      takeEvents();
    }
  }

  private void takeEvents() {
    while (state == State.STREAMING) {
      final EventStream.Next next = events.next();
      switch (next) {
        case NEEDS_MORE -> {
          release();
          return;
        }
        case OTHER -> events.takeInto(held);
        case DATA -> {
          if (!call.worker.readAnswer(
              events.array(), events.dataStart(), events.dataEnd(), usage)) {
            fail(nonsense());
            return;
          }
          digest.update(events.array(), events.dataStart(), events.dataEnd());
          events.takeInto(held);
        }
        case DONE -> {
          final ByteBuf end = call.channel.channel().alloc().heapBuffer(64);
          events.takeInto(end);
          lastWords = end;
          upstreamDone();
        }
        case INVALID -> fail(nonsense());
      }
    }
  }

  @Override
  public void onEnd() {
    if (state == State.STREAMING) {
      fail(cut());
    } else if (state == State.COLLECTING) {
      collected();
    }
  }

  private void collected() {
    final byte[] array = held.array();
    final int start = held.arrayOffset() + held.readerIndex();
    final int end = start + held.readableBytes();
    digest.update(array, start, end);
    if (!call.worker.readAnswer(array, start, end, usage)) {
      fail(
          upstreamStatus == 200
              ? nonsense()
              : Problem.upstream(
                  502, "upstream_error", "the provider answered with status " + upstreamStatus));
    } else if (upstreamStatus == 401 || upstreamStatus == 403) {
      fail(
          Problem.upstream(
              502, "upstream_credential", "the provider refused the gateway's own credential"));
    } else if (call.stream && upstreamStatus == 200) {
      fail(nonsense());
    } else {
      upstreamDone();
    }
  }

  private static Problem nonsense() {
    return Problem.upstream(
        502, "upstream_invalid", "the provider's answer is not what its API promises");
  }

  private static Problem cut() {
    return Problem.upstream(502, "upstream_cut", "the provider ended its answer half-way");
  }

  @Override
  public void onFailure(final UpstreamFailure failure) {
    upstreamCall = null;
    if (failure.retrySafe()
        && state == State.WAITING_FOR_HEAD
        && failure.kind() == UpstreamFailure.Kind.CLOSED
        && retries < RETRIES_MAX) {
      retries++;
      final ByteBuf body = retryBody;
      retryBody = null;
      send(body);
      return;
    }
    fail(
        switch (failure.kind()) {
          case CONNECT ->
              Problem.upstream(502, "upstream_unreachable", "the provider cannot be reached");
          case BUSY ->
              Problem.upstream(503, "upstream_busy", "every connection to the provider is in use");
          case CLOSED ->
              Problem.upstream(
                  502, "upstream_closed", "the provider closed the connection without an answer");
          case CUT -> cut();
          case MALFORMED -> nonsense();
        });
  }

  /** Ends the call with an error, before or in the middle of the answer. */
  private void fail(final Problem why) {
    if (state == State.SEALING_OUTCOME || state == State.DONE) {
      return;
    }
    problem = why;
    upstreamDone();
  }

  /** Nothing more is wanted from the provider: seal what came back. */
  private void upstreamDone() {
    if (problem != null) {
      cancelUpstream();
    }
    state = State.SEALING_OUTCOME;
    dropRetryBody();
    call.upstreamNanos = System.nanoTime() - sentNanos;
    usage.estimate(call.promptTextBytes, problem == null ? answerBytes : 0);
    final byte[] kept = digest.kept();
    if (kept == null || kept.length == 0) {
      sealOutcome();
    } else if (call.keeping.store(Part.ANSWER, kept)) {
      release();
    } else {
      answerKept(Keeping.refused());
    }
  }

  /**
   * The store has the answer, or cannot have it: only now the outcome is known.
   *
   * @param unkept null where it has
   */
  void answerKept(final Problem unkept) {
    if (state != State.SEALING_OUTCOME || outcomeSubmitted) {
      return;
    }
    problem = problem == null ? unkept : problem;
    sealOutcome();
  }

  private void sealOutcome() {
    outcomeSubmitted = true;
    final boolean submitted =
        call.worker
            .pipeline()
            .sealOutcome(call, outcome(problem == null ? "answered" : problem.code()), waiter());
    if (submitted) {
      call.awaitSeal();
      release();
    } else {
      call.worker.pipeline().sealFailed(call);
    }
  }

  Outcome outcome(final String result) {
    return new Outcome(
        result,
        upstreamStatus,
        problem == null ? upstreamStatus : problem.status(),
        usage,
        usage.reported() || problem == null
            ? call.upstream.costMicroDollars(usage.prompt(), usage.completion())
            : 0,
        answerBytes,
        digest.finish());
  }

  private SealWaiter waiter() {
    return new SealWaiter() {
      @Override
      public void sealed(final String shard, final long index) {
        call.sealArrived();
        outcomeSealed = true;
        release();
      }

      @Override
      public void failed(final String reason) {
        call.sealArrived();
        call.worker.pipeline().sealFailed(call);
      }
    };
  }

  /** Lets out what may leave now. Called whenever a receipt, an event or room arrives. */
  void release() {
    if (state == State.DONE || call.decisionIndex < 0) {
      pauseIfFull();
      return;
    }
    if (events == null) {
      releasePlain();
    } else {
      releaseStream();
    }
  }

  private void releasePlain() {
    if (state != State.SEALING_OUTCOME || !outcomeSealed) {
      return;
    }
    state = State.DONE;
    if (problem != null) {
      call.worker.pipeline().answerProblem(call, problem);
    } else {
      final ByteBuf answer = held;
      held = null;
      call.channel.answer(call, upstreamStatus, JSON, answer);
    }
  }

  private void releaseStream() {
    if (!headSent) {
      if (problem != null && !held.isReadable()) {
        // Nothing was let out yet, so the caller can still get a plain error.
        releasePlain();
        return;
      }
      headSent = true;
      call.channel.beginStream(call, upstreamStatus, EVENTS);
    }
    if (held.isReadable() && !call.channel.isWritable()) {
      stalledSinceNanos = stalledSinceNanos == 0 ? System.nanoTime() : stalledSinceNanos;
    } else if (held.isReadable()) {
      stalledSinceNanos = 0;
      final ByteBuf out = held;
      held = call.channel.channel().alloc().heapBuffer(1024);
      call.channel.stream(call, out);
    }
    pauseIfFull();
    if (state == State.SEALING_OUTCOME && outcomeSealed && !held.isReadable()) {
      state = State.DONE;
      if (problem == null) {
        final ByteBuf end = lastWords;
        lastWords = Unpooled.EMPTY_BUFFER;
        call.channel.endStream(call, end);
      } else {
        call.channel.abortStream(call, OpenAiErrors.event(call.channel.channel().alloc(), problem));
      }
    }
  }

  private void pauseIfFull() {
    final boolean full = held != null && events != null && held.readableBytes() > HELD_BYTES_MAX;
    if (full != paused && upstreamCall != null) {
      paused = full;
      progress();
      upstreamCall.read(!full);
    }
  }

  void callerWritable(final boolean writable) {
    if (writable && state != State.DONE) {
      release();
    }
  }

  void tick(final long nowNanos) {
    final boolean waiting =
        state == State.WAITING_FOR_HEAD || state == State.COLLECTING || state == State.STREAMING;
    if (stalledSinceNanos != 0
        && nowNanos - stalledSinceNanos > call.worker.limits().idleTimeoutMs() * 1_000_000L) {
      call.channel.channel().close();
    } else if (waiting && !paused && nowNanos - deadlineNanos >= 0) {
      fail(Problem.upstream(504, "upstream_timeout", "the provider did not answer in time"));
    }
  }

  /** The caller left: nothing can be delivered, but what happened is still recorded. */
  void callerGone() {
    if (state != State.DONE && !outcomeSubmitted) {
      cancelUpstream();
      call.worker.pipeline().sealOutcome(call, outcome("caller_gone"), SealedUnseen.INSTANCE);
      final byte[] kept = digest.kept();
      if (state != State.SEALING_OUTCOME && kept != null && kept.length > 0) {
        call.keeping.store(Part.ANSWER, kept);
      }
    }
    close();
  }

  /** No receipt came: nothing more may leave. */
  void auditUnavailable(final Problem unavailable) {
    cancelUpstream();
    final boolean begun = headSent;
    state = State.DONE;
    if (begun) {
      call.channel.abortStream(
          call, OpenAiErrors.event(call.channel.channel().alloc(), unavailable));
    } else {
      call.worker.pipeline().answerProblem(call, unavailable);
    }
  }

  private void cancelUpstream() {
    if (upstreamCall != null) {
      upstreamCall.cancel();
      upstreamCall = null;
    }
  }

  private void dropRetryBody() {
    if (retryBody != null) {
      retryBody.release();
      retryBody = null;
    }
  }

  /** Frees everything; called once, when the call is over. */
  void close() {
    state = State.DONE;
    cancelUpstream();
    dropRetryBody();
    if (events != null) {
      events.close();
      events = null;
    }
    if (held != null) {
      held.release();
      held = null;
    }
    lastWords.release();
    lastWords = Unpooled.EMPTY_BUFFER;
  }
}
