package io.sealgate.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One model provider. */
public record UpstreamConfig(
    @Setting(
            says = "Name in policies, records and metrics: letters, digits, - and _.",
            example = "openai",
            min = 1,
            max = 64)
        String name,
    @Setting(
            says = "http or https, with the path that comes before chat/completions.",
            example = "https://api.openai.com/v1",
            max = 2_048)
        URI baseUrl,
    @Setting(
            says =
                "File with the provider's API key, readable by its owner only. Without one, no"
                    + " credential is sent.",
            example = "/etc/sealgate/credentials/openai")
        Optional<Path> credentialFile,
    @Setting(
            says = "Models served here: names, or patterns with * for any run of characters.",
            example = "[gpt-5, \"gpt-5-*\"]",
            min = 1,
            max = 1_024)
        List<ModelPattern> models,
    @Setting(
            says = "Time for TCP and TLS to be set up.",
            fallback = "5000",
            min = 10,
            max = 600_000)
        int connectTimeoutMs,
    @Setting(
            says = "From the sent request to the head of the answer.",
            fallback = "120000",
            min = 10,
            max = 3_600_000)
        int responseTimeoutMs,
    @Setting(
            says = "Longest pause between two reads of an answer.",
            fallback = "60000",
            min = 10,
            max = 3_600_000)
        int idleTimeoutMs,
    @Setting(
            says = "Open connections to this upstream, all cores together.",
            fallback = "256",
            min = 1,
            max = 65_536)
        int connectionsMax,
    @Setting(
            says = "PEM file of the certificate authorities to trust, in place of the system's.",
            example = "/etc/sealgate/tls/provider-ca.pem")
        Optional<Path> tlsCa,
    @Setting(says = "What a million tokens cost, in US dollars, for budgets and records.")
        Price pricePerMillionTokens) {

  public UpstreamConfig {
    models = List.copyOf(models);
  }

  /** Whether a model of this exact name is served here. */
  public boolean serves(final String model) {
    return ModelPattern.anyMatches(models, model);
  }
}
