package io.sealgate.gateway.bundle;

import java.time.Instant;

/** A bundle that was not taken, when, and why. */
public record RefusedBundle(Instant at, String problem) {}
