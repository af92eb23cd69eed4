package io.sealgate.policy;

import java.util.Set;

/**
 * Consent that a call needs before it goes on.
 *
 * @param approvers users or roles who may give it
 * @param quorum how many different ones must
 * @param expiryMillis how long the call waits for it
 */
public record Approval(Set<String> approvers, int quorum, long expiryMillis) {}
