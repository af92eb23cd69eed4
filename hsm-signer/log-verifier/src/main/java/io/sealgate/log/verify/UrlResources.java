package io.sealgate.log.verify;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Static resources below a URL prefix (C2SP tlog-tiles). Answers are read up to their bound only;
 * every one of them is checked against signed hashes, so the server need not be trusted.
 */
final class UrlResources implements StaticShard.Resources, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int NOT_FOUND = 404;
  private static final int OK = 200;

  private final String prefix;
  private final HttpClient client;

  UrlResources(URI url) {
    String scheme = String.valueOf(url.getScheme());
    if ((!scheme.equals("http") && !scheme.equals("https"))
        || url.getHost() == null
        || url.getQuery() != null
        || url.getFragment() != null) {
      throw new IllegalArgumentException(
          url
              + " is not the URL of a log; name the prefix of its tiles, such as"
              + " https://host/log/2026q4");
    }
    prefix = url.toString().endsWith("/") ? url.toString() : url + "/";
    client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
  }

  @Override
  public byte[] read(String path, int bytesMax) throws IOException {
    URI resource = URI.create(prefix + path);
    try {
      HttpResponse<InputStream> answer =
          client.send(
              HttpRequest.newBuilder(resource).timeout(PATIENCE).GET().build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        if (answer.statusCode() == NOT_FOUND) {
          return null;
        }
        if (answer.statusCode() != OK) {
          throw new IOException(
              resource + " answers with status " + answer.statusCode() + "; is it a log?");
        }
        byte[] bytes = body.readNBytes(bytesMax + 1);
        return bytes.length > bytesMax ? null : bytes;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading " + resource, e);
    } catch (IOException e) {
      throw new IOException("cannot read " + resource + ": " + e + "; check the URL", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
