package io.sealgate.gateway.call;

import io.netty.resolver.AddressResolverGroup;
import io.sealgate.gateway.config.LimitsConfig;
import io.sealgate.gateway.content.ContentStore;
import io.sealgate.gateway.identity.ApiKeys;
import io.sealgate.gateway.net.Transport;
import io.sealgate.gateway.upstream.Upstreams;
import io.sealgate.policy.LimitState;
import java.net.InetSocketAddress;
import java.time.Clock;
import org.slf4j.Logger;

/**
 * What all event loops share.
 *
 * @param phases how much of the way of a call is run
 * @param loops the number of event loops
 * @param instance names this appliance in records
 * @param boot names this run of it in records
 * @param gate closed while the log is not witnessed as it must be
 */
public record CallContext(
    Phases phases,
    int loops,
    String instance,
    String boot,
    Transport transport,
    AddressResolverGroup<InetSocketAddress> resolver,
    LimitsConfig limits,
    ApiKeys apiKeys,
    Upstreams upstreams,
    LimitState limitState,
    Commitments commitments,
    ContentStore content,
    CallMetrics metrics,
    ReleaseGate gate,
    Clock clock,
    Logger log) {}
