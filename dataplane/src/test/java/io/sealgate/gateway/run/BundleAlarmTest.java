package io.sealgate.gateway.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.bundle.PolicyBundle;
import io.sealgate.gateway.bundle.PolicyBundle.BundleFile;
import io.sealgate.gateway.bundle.PolicyKey;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.testkit.RunningGateway;
import io.sealgate.gateway.testkit.Until;
import io.sealgate.log.Vkey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles that are refused, and those that are withheld until the last one expired, are seen. */
final class BundleAlarmTest {
  private static final String POLICY =
      "{policy_name: bundled, rules: [{type: model_access, models: ['*']}]}";
  private static final String CALL = RunningGateway.chat("loopback-1", "hello");

  @TempDir private Path folder;

  private byte[] bundle(final PolicyKey key, final long version, final Instant expires)
      throws GatewayException {
    return PolicyBundle.build(
        "local",
        version,
        expires,
        List.of(new BundleFile("bundled.yaml", POLICY.getBytes(StandardCharsets.UTF_8))),
        key);
  }

  private static String metrics(final RunningGateway gateway)
      throws IOException, InterruptedException, GatewayException {
    return gateway.admin("GET", "/metrics", "").body();
  }

  @Test
  void shouldRaiseTheAlarmWhenTheBundleInForceExpiresAndCountWhatIsRefused() throws Exception {
    final PolicyKey key = PolicyKey.make(folder.resolve("key"), "owner", Vkey.Type.ECDSA_P256);
    Files.createDirectory(folder.resolve("data"));
    Files.writeString(folder.resolve("data").resolve("policy-keys"), key.vkey() + "\n");
    try (RunningGateway gateway = RunningGateway.start(folder, "")) {
      assertTrue(metrics(gateway).contains("sealgate_policy_bundles_refused_total 0"));
      final Instant soon = Instant.now().plusSeconds(3);
      gateway.gateway().applyBundle(bundle(key, 4, soon));
      if (Instant.now().isBefore(soon)) {
        assertTrue(metrics(gateway).contains("sealgate_policy_bundle_version{org=\"local\"} 4"));
      }
      for (final byte[] bad :
          List.of(
              bundle(key, 4, soon.plusSeconds(900)),
              bundle(key, 5, Instant.EPOCH.plusSeconds(1)))) {
        final GatewayException refusal =
            Assertions.assertThrows(
                GatewayException.class, () -> gateway.gateway().applyBundle(bad));
        assertEquals(
            refusal.getMessage(), gateway.gateway().refusedBundle().orElseThrow().problem());
      }
      assertTrue(metrics(gateway).contains("sealgate_policy_bundles_refused_total 2"));
      Until.holds(
          "the alarm",
          () -> {
            try {
              return metrics(gateway).contains("sealgate_policy_bundle_expired{org=\"local\"} 1");
            } catch (final IOException | InterruptedException | GatewayException e) {
              throw new AssertionError(e);
            }
          });
      assertTrue(
          gateway.admin("GET", "/policies", "").body().contains("\"bundle\":{\"expired\":true"));
      assertEquals(200, gateway.post(CALL).statusCode(), "its rules stay in force");
    }
    try (RunningGateway again = RunningGateway.start(folder, "")) {
      assertTrue(metrics(again).contains("sealgate_policy_bundle_expired{org=\"local\"} 1"));
      again.gateway().applyBundle(bundle(key, 5, Instant.now().plusSeconds(900)));
      assertTrue(metrics(again).contains("sealgate_policy_bundle_expired{org=\"local\"} 0"));
    }
  }
}
