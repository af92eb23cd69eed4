package io.sealgate.gateway.call;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.sealgate.classify.Findings;
import io.sealgate.classify.Segments;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.json.JsonRejected;
import io.sealgate.classify.json.JsonTape;
import io.sealgate.gateway.content.Content.Part;
import io.sealgate.gateway.identity.Caller;
import io.sealgate.gateway.openai.ChatRequest;
import io.sealgate.gateway.openai.OpenAiErrors;
import io.sealgate.gateway.openai.TokenUsage;
import io.sealgate.gateway.problem.Problem;
import io.sealgate.gateway.seal.SealWaiter;
import io.sealgate.policy.CounterReadings;
import io.sealgate.policy.Decision;
import io.sealgate.policy.Facts;
import io.sealgate.policy.Obligations;
import io.sealgate.policy.Reason;
import io.sealgate.policy.SandboxProfile;
import io.sealgate.policy.Verdict;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * The way of one call, top to bottom: admit, read, route, classify, decide, act, seal, then answer
 * or forward. Every phase returns null, or the problem that ends the call; whatever ends it is
 * sealed like any other decision. One per event loop; its buffers are reused from call to call, so
 * everything from {@link #run} to the submitted record happens in one turn of the loop.
 */
final class Pipeline {
  /** What a caller asks for beyond this counts as this when cost is estimated. */
  private static final long ANSWER_TOKENS_MAX = 1_000_000;

  private final Worker worker;
  private final Phases phases;
  private final JsonTape json;
  private final Segments segments = new Segments();
  private final ChatRequest chat = new ChatRequest();
  private final Findings findings = new Findings();
  private final Facts facts = new Facts();
  private final CounterReadings readings;
  private final Verdict verdict = new Verdict();
  private final Redactor redactor = new Redactor();
  private final Records records;
  private final SecureRandom random;

  /** How far the current call came: what its record can speak of. */
  private Phases reached;

  private boolean bodyRead;
  private ActiveRules rules;

  Pipeline(final Worker worker, final Phases phases, final JsonTape json, final Records records) {
    this.worker = worker;
    this.readings = new CounterReadings(worker.limitState());
    this.phases = phases;
    this.json = json;
    this.records = records;
    try {
      // One a loop: the platform's default has a lock that all loops would share.
      this.random = SecureRandom.getInstance("DRBG");
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has the DRBG", e);
    }
  }

  /** Runs as soon as the head is read: what need not wait for the body. */
  Problem admit(final Exchange call, final HttpMethod method) {
    if (call.route == Route.UNKNOWN) {
      return Problem.caller(
          404, "unknown_route", "served are POST /v1/chat/completions and GET /v1/models");
    }
    if (!call.route.method().equals(method)) {
      return Problem.caller(405, "method_not_allowed", "use " + call.route.method());
    }
    if (call.authentication.problem() != null) {
      return call.authentication.problem();
    }
    final String closed = worker.gate().closed(call.startMillis);
    if (closed != null) {
      return Problem.unavailable("witness", closed);
    }
    return worker.overloaded()
        ? Problem.overloaded("too many calls in progress (limits.calls-in-flight-max)")
        : null;
  }

  /** Ends a call that was refused before its body was read. */
  void refuse(final Exchange call, final Problem problem) {
    begin(call);
    call.problem = problem;
    seal(call);
  }

  /** Runs when the whole request is there. */
  void run(final Exchange call) {
    begin(call);
    final long started = System.nanoTime();
    Problem problem = call.route == Route.CHAT ? read(call) : null;
    if (problem == null && call.route == Route.CHAT) {
      problem = route(call);
    }
    final long read = System.nanoTime();
    if (problem == null && call.route == Route.CHAT) {
      problem = classify(call);
    }
    final long classified = System.nanoTime();
    if (problem == null && call.route == Route.CHAT) {
      problem = decide(call);
    }
    final long decided = System.nanoTime();
    if (problem == null) {
      problem = act(call);
    }
    worker.metrics().phases(read - started, classified - read, decided - classified);
    call.problem = problem;
    seal(call);
  }

  private void begin(final Exchange call) {
    reached = Phases.PROXY;
    bodyRead = false;
    rules = null;
    call.receivedBytes = call.bodyBytes();
  }

  /** Reads the body once; every string that a provider could take for prompt is a segment. */
  private Problem read(final Exchange call) {
    final ByteBuf body = call.body();
    try {
      json.parse(body.array(), body.arrayOffset() + body.readerIndex(), body.readableBytes());
    } catch (final JsonRejected e) {
      return JsonProblems.of(e);
    }
    final Problem problem = chat.read(json, segments);
    bodyRead = problem == null;
    if (bodyRead) {
      call.model = chat.model();
      call.stream = chat.stream();
      call.promptTextBytes = segments.textLength();
    }
    return problem;
  }

  private Problem route(final Exchange call) {
    call.upstream = worker.upstreams().route(call.model);
    return call.upstream == null
        ? new Problem(
            Problem.Source.CALLER,
            404,
            "model_not_found",
            "no upstream serves this model",
            "model",
            0)
        : null;
  }

  private Problem classify(final Exchange call) {
    findings.clear();
    if (!phases.includes(Phases.CLASSIFY)) {
      return null;
    }
    rules = worker.rules(call.authentication.caller().org());
    if (rules == null) {
      return Problem.unavailable(
          "policy", "no policy is in force for this organisation; publish one");
    }
    call.snapshotId = rules.snapshot().id();
    try {
      rules.scanner(worker.index()).scan(segments, findings);
      findings.keepFrom(Hits.SCORE_MICROS_DEFAULT);
    } catch (final ClassifierException e) {
      worker.log().warn("classification failed: {}", e.getMessage());
      return Problem.unavailable("classifier", "the call could not be classified");
    }
    reached = Phases.CLASSIFY;
    return null;
  }

  /** Pure, given the facts, the counters and one reading of the clock. */
  private Problem decide(final Exchange call) {
    if (!phases.includes(Phases.POLICY)) {
      call.decision = "allow";
      return null;
    }
    gatherFacts(call);
    readings.clear();
    rules.snapshot().evaluate(facts, readings, call.startMillis, verdict);
    worker.decided(facts);
    reached = Phases.POLICY;
    call.decision = Records.name(verdict.done());
    final Problem unkept = call.keeping.begin(verdict.capture(), random);
    if (unkept != null) {
      return unkept;
    }
    return switch (verdict.done()) {
      case ALLOW, MODIFY -> charge(call);
      case THROTTLE -> throttled(verdict.retryAfterMillis());
      case BLOCK -> blocked();
      case SANDBOX -> notCarriedOut("run calls in a sandbox");
      case ESCALATE -> notCarriedOut("ask for approval");
    };
  }

  /** What a policy asks for and this gateway cannot do is never left out: the call is denied. */
  private Problem notCarriedOut(final String what) {
    return Problem.unavailable(
        "policy",
        "a rule asks for what this gateway cannot do: "
            + what
            + ". Rule: "
            + verdict.doneRule()
            + ".");
  }

  private void gatherFacts(final Exchange call) {
    final Caller caller = call.authentication.caller();
    facts.clear();
    facts
        .org(caller.org())
        .team(caller.team())
        .user(caller.user())
        .environment(caller.environment())
        .useCase(caller.useCase())
        .apiKeyId(caller.apiKey())
        .model(call.model)
        .provider(call.upstream.name())
        .dialect(call.route.dialect())
        .stream(call.stream)
        .maxTokens(chat.maxTokens())
        .messageCount(chat.messages())
        .toolCount(chat.tools())
        .bodyBytes(call.bodyBytes())
        .textBytes(segments.textLength());
    final long promptTokens = TokenUsage.ofBytes(segments.textLength());
    final long answerTokens = Math.clamp(chat.maxTokens(), 0, ANSWER_TOKENS_MAX);
    facts
        .tokenEstimate(promptTokens + answerTokens)
        .costEstimateMicroDollars(call.upstream.costMicroDollars(promptTokens, answerTokens));
    for (int i = 0; i < findings.size(); i++) {
      if (findings.type(i) == FindingTypes.TENANT_PATTERN) {
        facts.addTenantPattern(findings.rule(i));
      }
      facts.addFinding(findings.type(i), findings.scoreMicros(i));
    }
  }

  private Problem charge(final Exchange call) {
    final Obligations obligations = verdict.obligations();
    final String undone = undone(obligations);
    if (undone != null) {
      return notCarriedOut(undone);
    }
    if (!worker.limitState().reserve(verdict, facts, call.startMillis, call.reservation)) {
      // Between the reading and the taking another loop's call took the rest.
      call.decision = Records.name(Decision.THROTTLE);
      return new Problem(
          Problem.Source.POLICY,
          429,
          Reason.RATE_LIMITED.code(),
          Reason.RATE_LIMITED.text(),
          null,
          1);
    }
    return null;
  }

  /** The first obligation that this gateway has no means for; null if it has for all. */
  private static String undone(final Obligations obligations) {
    if (obligations.checksAnswer()) {
      return "check the answer";
    }
    if (obligations.route() != null) {
      return "choose another upstream";
    }
    if (obligations.approvalCount() > 0) {
      return "ask for approval";
    }
    if (obligations.sandbox() != SandboxProfile.NONE) {
      return "run calls in a sandbox";
    }
    if (obligations.resultBytesMax() >= 0) {
      return "bound a tool's result";
    }
    return obligations.breakerCount() > 0 ? "rest a failing tool" : null;
  }

  private Problem throttled(final long retryAfterMillis) {
    return new Problem(
        Problem.Source.POLICY,
        429,
        verdict.doneReason().code(),
        verdict.doneReason().text() + " Rule: " + verdict.doneRule() + ".",
        null,
        Math.max(1, Math.ceilDiv(retryAfterMillis, 1_000)));
  }

  private Problem blocked() {
    return new Problem(
        Problem.Source.POLICY,
        403,
        verdict.doneReason().code(),
        verdict.doneReason().text() + " Rule: " + verdict.doneRule() + ".",
        null,
        0);
  }

  /** Carries out the obligations: what goes to the provider is made here. */
  private Problem act(final Exchange call) {
    if (call.route == Route.MODELS) {
      call.decision = "allow";
      return null;
    }
    call.forwardBody =
        reached.includes(Phases.POLICY)
            ? redactor.redact(
                call.channel.channel().alloc(),
                call.body(),
                findings,
                segments,
                verdict.obligations())
            : call.body().retain();
    return null;
  }

  private void seal(final Exchange call) {
    if (call.problem != null && call.problem.status() != 429) {
      call.decision = "block";
    }
    if (!phases.includes(Phases.SEALED)) {
      call.decisionIndex = 0;
      proceed(call);
      return;
    }
    records.decision(
        call,
        bodyRead ? chat : null,
        reached.includes(Phases.CLASSIFY) ? findings : null,
        reached.includes(Phases.POLICY) ? verdict : null,
        facts,
        readings,
        rules,
        commitment(call),
        call.forwardBody == null || !reached.includes(Phases.POLICY) ? 0 : redactor.redactions());
    call.sealStartNanos = System.nanoTime();
    if (!worker.seals().submit(records.bytes(), records.length(), call.decisionWaiter())) {
      answerProblem(call, auditUnavailable());
      return;
    }
    call.awaitSeal();
    if (call.keeping.content()) {
      keepPrompt(call);
    } else if (call.problem == null
        && call.route == Route.CHAT
        && worker.seals().provenRecently()) {
      forward(call);
    }
  }

  private void keepPrompt(final Exchange call) {
    final byte[] prompt = new byte[call.bodyBytes()];
    call.body().getBytes(call.body().readerIndex(), prompt);
    if (!call.keeping.store(Part.PROMPT, prompt)) {
      contentFailed(call, Keeping.refused());
    }
  }

  /** A piece is encrypted and on disk. */
  void contentStored(final Exchange call) {
    if (call.ended) {
      return;
    }
    if (call.relay() != null) {
      call.relay().answerKept(null);
    } else if (call.decisionIndex >= 0) {
      proceed(call);
    }
  }

  /** A piece is not kept: the call is denied, and its outcome record says so. */
  void contentFailed(final Exchange call, final Problem problem) {
    if (call.ended) {
      return;
    }
    call.decision = "block";
    if (call.relay() != null) {
      call.relay().answerKept(problem);
      return;
    }
    call.problem = problem;
    sealOutcome(call, Outcome.unanswered(problem), SealedUnseen.INSTANCE);
    if (call.decisionIndex >= 0) {
      proceed(call);
    }
  }

  private byte[] commitment(final Exchange call) {
    final ByteBuf body = call.body();
    if (body == null || !body.isReadable()) {
      return null;
    }
    final int start = body.arrayOffset() + body.readerIndex();
    final Commitments commitments = call.keeping.commitments();
    return commitments == null
        ? null
        : commitments.commit(call.requestId, body.array(), start, start + body.readableBytes());
  }

  private static Problem auditUnavailable() {
    return Problem.unavailable("audit", "the decision cannot be recorded, so the call is denied");
  }

  /** The decision record is signed and on disk. */
  void decisionSealed(final Exchange call) {
    worker.metrics().decisionSealed(System.nanoTime() - call.sealStartNanos);
    if (!call.ended && !call.keeping.pending()) {
      proceed(call);
    }
  }

  private void proceed(final Exchange call) {
    if (call.problem != null) {
      answerProblem(call, call.problem);
    } else if (call.route == Route.MODELS) {
      call.channel.answer(
          call, 200, Relay.JSON, worker.upstreams().modelList(call.channel.channel().alloc()));
    } else if (call.relay() == null) {
      forward(call);
    } else {
      call.relay().release();
    }
  }

  private void forward(final Exchange call) {
    final ByteBuf body = call.forwardBody;
    call.forwardBody = null;
    final Relay relay = new Relay(call);
    call.relay(relay);
    relay.send(body);
  }

  /** A receipt did not come: nothing more of this call may leave. */
  void sealFailed(final Exchange call) {
    if (call.ended) {
      return;
    }
    call.decision = "block";
    if (call.relay() == null) {
      answerProblem(call, auditUnavailable());
    } else {
      call.relay().auditUnavailable(auditUnavailable());
    }
  }

  /** Submits the outcome record; false when the signer is unavailable. */
  boolean sealOutcome(final Exchange call, final Outcome outcome, final SealWaiter waiter) {
    worker.spend(call, outcome.costMicroDollars());
    worker
        .limitState()
        .settle(
            call.reservation,
            outcome.usage().prompt() + outcome.usage().completion(),
            outcome.costMicroDollars());
    if (!phases.includes(Phases.SEALED)) {
      waiter.sealed(null, 0);
      return true;
    }
    records.outcome(call, outcome);
    return worker.seals().submit(records.bytes(), records.length(), waiter);
  }

  void answerProblem(final Exchange call, final Problem problem) {
    call.problem = problem;
    call.channel.answer(
        call,
        problem.status(),
        Relay.JSON,
        OpenAiErrors.body(call.channel.channel().alloc(), problem));
  }
}
