package io.sealgate.gateway.loopback;

import java.util.Locale;
import java.util.Optional;

/**
 * A way in which the loopback model misbehaves. Chosen for one request by the model's name, such as
 * {@code loopback-1:cut}, or for all of them with {@link LoopbackModel#misbehave}.
 */
public enum Fault {
  /** Closes the connection with a reset: at accept for all requests, unanswered for one. */
  REFUSE,
  /** Takes the request and never answers; the connection stays open. */
  HANG,
  /** Closes the connection halfway through the answer. */
  CUT,
  /** Answers 200 with a body that is not JSON. */
  GARBAGE,
  /** Answers 200 with an event stream that is not one, and does not end as one. */
  BAD_SSE,
  /** Answers 500 with an error in the API's form. */
  STATUS_500,
  /** Answers 429 with an error in the API's form and a {@code retry-after}. */
  STATUS_429,
  /** Answers correctly, one second late and with a fifth of a second before each token. */
  SLOW;

  /** The name in a model's suffix: {@code bad-sse}. */
  public String suffix() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The fault that a model's name asks for: the part after its last colon. */
  static Optional<Fault> ofModel(final String model) {
    final String suffix = model.substring(model.lastIndexOf(':') + 1);
    if (suffix.length() < model.length()) {
      for (final Fault fault : values()) {
        if (fault.suffix().equals(suffix)) {
          return Optional.of(fault);
        }
      }
    }
    return Optional.empty();
  }
}
