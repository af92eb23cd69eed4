package io.sealgate.signer.client;

import io.sealgate.signer.ipc.SignerHealth;

/**
 * The seal path as the gateway sees it.
 *
 * @param available whether records can be submitted
 * @param inFlight records submitted and not yet answered, over all lanes
 * @param connects connections made to a signer since the client started
 * @param heartbeatAgeMillis time since the signer was last heard; -1 before the first time
 * @param signer what the signer last said of itself; null before the first time
 */
public record SealStats(
    boolean available, int inFlight, long connects, long heartbeatAgeMillis, SignerHealth signer) {}
