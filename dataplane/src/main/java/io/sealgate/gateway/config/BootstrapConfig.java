package io.sealgate.gateway.config;

/** Names for the first identity: letters, digits, {@code -}, {@code _} and {@code .}. */
public record BootstrapConfig(
    @Setting(says = "Organisation.", fallback = "local", min = 1, max = 64) String organisation,
    @Setting(says = "Team.", fallback = "default", min = 1, max = 64) String team,
    @Setting(says = "User.", fallback = "operator", min = 1, max = 64) String user,
    @Setting(says = "Environment.", fallback = "development", min = 1, max = 64) String environment,
    @Setting(says = "Use case.", fallback = "trial", min = 1, max = 64) String useCase) {}
