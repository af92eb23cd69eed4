package io.sealgate.policy.limit;

/**
 * A spending cap per organisation, environment and UTC day, in millionths of a US dollar.
 *
 * @param key names the cap in records
 * @param enforced false if the rule is in observe mode
 */
public record CostLimit(String key, long microDollarsPerDay, boolean enforced) {}
