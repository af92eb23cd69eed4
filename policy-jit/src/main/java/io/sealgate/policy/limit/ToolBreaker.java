package io.sealgate.policy.limit;

/**
 * Stops calls to a tool that keeps failing: after {@code failures} failures within {@code
 * windowMillis} no call passes for {@code openMillis}, then one failure opens it again.
 *
 * @param key names the breaker; its state is kept per tool
 */
public record ToolBreaker(
    String key, int failures, long windowMillis, long openMillis, boolean enforced) {}
