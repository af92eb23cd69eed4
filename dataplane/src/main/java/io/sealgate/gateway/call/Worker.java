package io.sealgate.gateway.call;

import io.netty.channel.EventLoop;
import io.sealgate.classify.json.JsonLimits;
import io.sealgate.classify.json.JsonRejected;
import io.sealgate.classify.json.JsonTape;
import io.sealgate.gateway.config.LimitsConfig;
import io.sealgate.gateway.content.ContentStore;
import io.sealgate.gateway.identity.ApiKeys;
import io.sealgate.gateway.openai.TokenUsage;
import io.sealgate.gateway.seal.SealLane;
import io.sealgate.gateway.upstream.Upstream;
import io.sealgate.gateway.upstream.UpstreamPool;
import io.sealgate.gateway.upstream.Upstreams;
import io.sealgate.policy.Facts;
import io.sealgate.policy.LimitState;
import io.sealgate.policy.RecentCalls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Everything that one event loop's calls share: their pipeline, connections, seal lane and limits.
 * Confined to the loop; nothing on the path of a call is shared between loops but what is read-only
 * or counted with single atomic operations.
 */
public final class Worker {
  /** How often deadlines are looked at: deadlines are late by at most this much. */
  private static final long SWEEP_MILLIS = 50;

  /** Calls that are kept to warm up the next rules with, one of so many. */
  private static final int RECENT_CALLS = 128;

  private static final int RECENT_STEP = 8;

  private final int index;
  private final EventLoop loop;
  private final CallContext context;
  private final SealLane seals;
  private final Pipeline pipeline;
  private final JsonTape answerJson;
  private final RequestIds requestIds = new RequestIds();
  private final RecentCalls recentCalls = new RecentCalls(RECENT_CALLS, RECENT_STEP);
  private final List<CallerChannel> channels = new ArrayList<>();
  private final UpstreamPool[] pools;
  private final int callsMax;
  private Map<String, ActiveRules> rules;
  private int callsInFlight;
  private boolean draining;

  /**
   * @param index this loop's number, from 0
   */
  public Worker(
      final int index,
      final EventLoop loop,
      final CallContext context,
      final SealLane seals,
      final Map<String, ActiveRules> rules) {
    this.index = index;
    this.loop = loop;
    this.context = context;
    this.seals = seals;
    this.rules = rules;
    this.callsMax = Math.max(1, limits().callsInFlightMax() / context.loops());
    final JsonLimits defaults = JsonLimits.DEFAULT;
    this.pipeline =
        new Pipeline(
            this,
            context.phases(),
            new JsonTape(
                new JsonLimits(
                    limits().jsonDepthMax(),
                    defaults.nodesMax(),
                    limits().bodyBytesMax(),
                    limits().bodyBytesMax())),
            new Records(context.instance() + "/" + index, context.boot()));
    this.answerJson =
        new JsonTape(
            new JsonLimits(
                limits().jsonDepthMax(),
                defaults.nodesMax(),
                limits().responseBytesMax(),
                limits().responseBytesMax()));
    this.pools = context.upstreams().all().stream().map(this::newPool).toArray(UpstreamPool[]::new);
    loop.scheduleAtFixedRate(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private UpstreamPool newPool(final Upstream upstream) {
    return new UpstreamPool(
        upstream,
        loop,
        context.transport(),
        context.resolver(),
        Math.max(1, upstream.config().connectionsMax() / context.loops()));
  }

  private void sweep() {
    final long now = System.nanoTime();
    for (int i = channels.size() - 1; i >= 0; i--) {
      if (i < channels.size()) {
        channels.get(i).tick(now);
      }
    }
  }

  void add(final CallerChannel channel) {
    channel.slot = channels.size();
    channels.add(channel);
  }

  void remove(final CallerChannel channel) {
    final CallerChannel last = channels.removeLast();
    if (last != channel) {
      channels.set(channel.slot, last);
      last.slot = channel.slot;
    }
  }

  Exchange begin(final CallerChannel channel, final Route route) {
    callsInFlight++;
    final long now = context.clock().millis();
    return new Exchange(this, channel, route, requestIds.next(now), now);
  }

  void end(final Exchange call) {
    callsInFlight--;
    metrics().called(call);
    call.release();
  }

  boolean overloaded() {
    return callsInFlight > callsMax;
  }

  /** Parses an answer or one event of it, and takes its token counts; false when it is not JSON. */
  boolean readAnswer(final byte[] bytes, final int from, final int to, final TokenUsage usage) {
    try {
      answerJson.parse(bytes, from, to - from);
    } catch (final JsonRejected e) {
      return false;
    }
    usage.read(answerJson);
    return answerJson.kind(answerJson.root()) == JsonTape.Kind.OBJECT;
  }

  void spend(final Exchange call, final long microDollars) {
    if (microDollars > 0 && call.authentication != null && call.authentication.caller() != null) {
      final String org = call.authentication.caller().org();
      final String environment = call.authentication.caller().environment();
      if (!limitState().addSpend(org, environment, call.startMillis, microDollars)) {
        log().warn("the spend of {} in {} cannot be counted: the table is full", org, environment);
      }
    }
  }

  /** Puts other rules in force; on the loop, between calls. Retires those they replace. */
  public void rules(final Map<String, ActiveRules> next) {
    final Map<String, ActiveRules> previous = rules;
    rules = next;
    previous.forEach(
        (org, old) -> {
          if (next.get(org) != old) {
            old.retire(index);
          }
        });
  }

  /** Some of the last calls of an organisation, to warm up its next rules with; on the loop. */
  public List<Facts> recentCalls(final String org) {
    return recentCalls.of(org);
  }

  void decided(final Facts facts) {
    recentCalls.note(facts);
  }

  /** Takes no new calls on open connections; on the loop. */
  public void drain() {
    draining = true;
    List.copyOf(channels).forEach(CallerChannel::drainForStop);
  }

  /** Calls in progress; on the loop. */
  public int callsInFlight() {
    return callsInFlight;
  }

  /** Open connections to providers; on the loop. */
  public int upstreamConnections() {
    return Arrays.stream(pools).mapToInt(UpstreamPool::openConnections).sum();
  }

  /** Closes every connection; on the loop. */
  public void close() {
    List.copyOf(channels).forEach(channel -> channel.channel().close());
    Arrays.stream(pools).forEach(UpstreamPool::close);
  }

  boolean draining() {
    return draining;
  }

  ActiveRules rules(final String org) {
    return rules.get(org);
  }

  UpstreamPool pool(final Upstream upstream) {
    return pools[upstream.index()];
  }

  Pipeline pipeline() {
    return pipeline;
  }

  SealLane seals() {
    return seals;
  }

  int index() {
    return index;
  }

  EventLoop loop() {
    return loop;
  }

  LimitsConfig limits() {
    return context.limits();
  }

  ApiKeys apiKeys() {
    return context.apiKeys();
  }

  Upstreams upstreams() {
    return context.upstreams();
  }

  LimitState limitState() {
    return context.limitState();
  }

  Commitments commitments() {
    return context.commitments();
  }

  ContentStore content() {
    return context.content();
  }

  CallMetrics metrics() {
    return context.metrics();
  }

  ReleaseGate gate() {
    return context.gate();
  }

  Logger log() {
    return context.log();
  }
}
