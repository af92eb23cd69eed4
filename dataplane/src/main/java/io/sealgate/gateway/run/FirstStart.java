package io.sealgate.gateway.run;

import io.sealgate.gateway.config.BootstrapConfig;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.identity.ApiKeys;
import io.sealgate.gateway.identity.Caller;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;

/**
 * What a fresh data folder gets: one organisation with one API key, and the sample policies. Only a
 * folder without any key is fresh; policies that were removed later are not brought back.
 *
 * @param apiKey the key, from its owner-only file; null when an operator removed the file
 */
record FirstStart(String apiKey) {
  private static final List<String> SAMPLES = List.of("models.yaml", "content.yaml");

  static FirstStart ensure(
      final GatewayConfig config,
      final DataFolder data,
      final ApiKeys keys,
      final PolicyControl policies,
      final EventSeal events)
      throws GatewayException {
    if (keys.list().isEmpty()) {
      final BootstrapConfig names = config.bootstrap();
      for (final String sample : SAMPLES) {
        policies.apply(names.organisation(), sample, sample(sample), "first-start");
      }
      events.seal("api-key-issue", names.organisation(), names.user());
      try {
        final ApiKeys.Issued issued =
            keys.issue(
                new Caller(
                    "",
                    names.organisation(),
                    names.team(),
                    names.user(),
                    names.environment(),
                    names.useCase()));
        DataFolder.writeOwnerOnly(data.firstApiKey(), issued.secret());
      } catch (final StoreException e) {
        throw new GatewayException("the first API key cannot be stored: " + e.getMessage(), e);
      }
    }
    return new FirstStart(
        Files.exists(data.firstApiKey()) ? DataFolder.readOwnerOnly(data.firstApiKey()) : null);
  }

  private static byte[] sample(final String name) throws GatewayException {
    try (InputStream in = FirstStart.class.getResourceAsStream("/sample-policies/" + name)) {
      if (in == null) {
        throw new GatewayException("the distribution lacks sample policy " + name);
      }
      return in.readAllBytes();
    } catch (final IOException e) {
      throw new GatewayException("sample policy " + name + " cannot be read", e);
    }
  }
}
