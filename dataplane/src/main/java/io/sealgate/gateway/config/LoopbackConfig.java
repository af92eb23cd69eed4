package io.sealgate.gateway.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The built-in model. */
public record LoopbackConfig(
    @Setting(says = "Whether it runs.", fallback = "true") boolean enabled,
    @Setting(
            says = "Models it answers for. A suffix such as loopback-1:cut makes it misbehave.",
            fallback = "[loopback-1, \"loopback-1:*\"]",
            min = 1,
            max = 64)
        List<ModelPattern> models,
    @Setting(says = "Pause before the head of an answer.", fallback = "0", max = 600_000)
        int delayMs,
    @Setting(says = "Pause before each token of a stream.", fallback = "0", max = 600_000)
        int tokenDelayMs,
    @Setting(
            says =
                "File that gets each received body as one JSON line: what a provider would have"
                    + " seen. For trials only; it holds prompts.",
            example = "./var/loopback-received.jsonl")
        Optional<Path> receivedLog,
    @Setting(
            says =
                "What a million tokens cost, in US dollars: small, but not nothing, so that"
                    + " budgets can be tried.",
            fallback = "{input: 0.50, output: 1.50}")
        Price pricePerMillionTokens) {

  public LoopbackConfig {
    models = List.copyOf(models);
  }

  /** Whether a model of this exact name is served here. */
  public boolean serves(final String model) {
    return enabled && ModelPattern.anyMatches(models, model);
  }
}
