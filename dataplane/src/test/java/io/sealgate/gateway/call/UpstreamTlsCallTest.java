package io.sealgate.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.testkit.RunningGateway;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider over TLS with a credential: another gateway stands for it. */
class UpstreamTlsCallTest {
  @TempDir Path folder;

  @Test
  void shouldReachAProviderOverTlsOnlyWhenItsCertificateIsTrusted() throws Exception {
    try (RunningGateway provider =
        RunningGateway.start(Files.createDirectory(folder.resolve("p")), "")) {
      final Path credential = folder.resolve("credential");
      DataFolder.writeOwnerOnly(credential, provider.apiKey());
      final int port = provider.gateway().https().getPort();
      final Path trusted = folder.resolve("p/data/tls/development.pem");
      final String yaml =
          """
          loopback: {enabled: false}
          upstreams:
            - name: trusted
              base-url: https://127.0.0.1:%d/v1
              credential-file: "%s"
              models: [loopback-1]
              tls-ca: "%s"
            - name: untrusted
              base-url: https://127.0.0.1:%d/v1
              credential-file: "%s"
              models: [other]
          """
              .formatted(port, credential, trusted, port, credential);
      try (RunningGateway gateway =
          RunningGateway.start(Files.createDirectory(folder.resolve("g")), yaml)) {
        final HttpResponse<String> answer =
            gateway.post(RunningGateway.chat("loopback-1", "hello over TLS"));
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("You said: hello over TLS"), answer.body());
        assertEquals(1, provider.model().receivedCount());

        final HttpResponse<String> refused = gateway.post(RunningGateway.chat("other", "hello"));
        assertEquals(502, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains("\"upstream_unreachable\""), refused.body());
        assertEquals(1, provider.model().receivedCount(), "nothing goes to an unproven provider");
      }
    }
  }
}
