package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Talks to the running gateway of a data folder through its admin listener. */
final class AdminClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern ADMIN = Pattern.compile("\"admin\":\"([^\"]+)\"");
  private final URI admin;
  private final String token;

  /** Finds the gateway that runs on this folder. */
  AdminClient(final DataFolder data) throws GatewayException {
    if (!Files.exists(data.gatewayFile())) {
      throw new GatewayException(
          "no gateway runs on "
              + data.root()
              + "; start one with: sealgate run --data "
              + data.root());
    }
    final Matcher url = ADMIN.matcher(DataFolder.readOwnerOnly(data.gatewayFile()));
    if (!url.find()) {
      throw new GatewayException(
          data.gatewayFile() + " names no admin listener; restart the gateway");
    }
    admin = URI.create(url.group(1));
    token = DataFolder.readOwnerOnly(data.secrets().resolve("admin-token"));
  }

  /** An answer of the admin API. */
  record Answer(int status, String body) {
    boolean ok() {
      return status / 100 == 2;
    }
  }

  Answer send(final String method, final String path, final byte[] body) throws GatewayException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      final HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(admin.resolve(path))
                  .timeout(PATIENCE)
                  .header("authorization", "Bearer " + token)
                  .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (final IOException e) {
      throw new GatewayException(
          "the gateway does not answer at " + admin + "; is it still running? (" + e + ")", e);
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatewayException("interrupted", e);
    }
  }

  static String parameter(final String name, final String value) {
    return value == null ? "" : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
