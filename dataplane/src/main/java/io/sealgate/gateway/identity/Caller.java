package io.sealgate.gateway.identity;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Whom an authenticated call speaks for.
 *
 * @param apiKey the public id of the key that was presented, never the key
 * @param org the organisation whose policies hold
 * @param team the team within it
 * @param user the person, service or agent
 * @param environment such as {@code production}
 * @param useCase the unit of governance
 */
public record Caller(
    String apiKey, String org, String team, String user, String environment, String useCase) {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+-]{0,127}");

  public Caller {
    Objects.requireNonNull(apiKey, "apiKey");
    requireName("organisation", org);
    requireName("team", team);
    requireName("user", user);
    requireName("environment", environment);
    requireName("use case", useCase);
  }

  private static void requireName(final String what, final String value) {
    if (value == null || !NAME.matcher(value).matches()) {
      throw new IllegalArgumentException(
          what + " must be 1 to 128 letters, digits or . _ @ + - and start with a letter or digit");
    }
  }
}
