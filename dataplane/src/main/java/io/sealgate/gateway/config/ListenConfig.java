package io.sealgate.gateway.config;

/** The three listeners. */
public record ListenConfig(
    @Setting(
            says = "Calls in clear text. Keep it on loopback, or switch it off.",
            fallback = "{port: 8080}")
        Listener http,
    @Setting(says = "Calls over TLS 1.3.", fallback = "{port: 8443}") Listener https,
    @Setting(says = "Health, metrics, policies, approvals, records, log tiles and the console.")
        AdminListener admin) {

  /** A listener for calls. */
  public record Listener(
      @Setting(says = "Whether it is opened.", fallback = "true") boolean enabled,
      @Setting(
              says = "Address to listen on; 0.0.0.0 or \"::\" for every one.",
              fallback = "127.0.0.1")
          String address,
      @Setting(says = "Port.", max = 65_535) int port) {}

  /** The listener for operators; it is always open, because health is read there. */
  public record AdminListener(
      @Setting(says = "Address to listen on.", fallback = "127.0.0.1") String address,
      @Setting(says = "Port.", fallback = "9090", max = 65_535) int port) {}
}
