package io.sealgate.gateway.config;

import java.nio.file.Path;
import java.util.Optional;

/** One collector that sealed records are sent on to. */
public record ForwardConfig(
    @Setting(
            says = "Name in metrics and in the place that is kept: letters, digits, - and _.",
            example = "siem",
            min = 1,
            max = 64)
        String name,
    @Setting(
            says = "Host that listens for syslog over TLS (RFC 5425).",
            example = "collector.example.com",
            min = 1,
            max = 253)
        String host,
    @Setting(says = "Its port.", fallback = "6514", min = 1, max = 65_535) int port,
    @Setting(
            says = "PEM file of the certificate authorities to trust, in place of the system's.",
            example = "/etc/sealgate/tls/collector-ca.pem")
        Optional<Path> tlsCa,
    @Setting(
            says =
                "How long sent records may lack the collector's acknowledgement (TCP) before the"
                    + " connection is given up. After a lost connection the records of twice this"
                    + " time are sent again.",
            fallback = "30000",
            min = 100,
            max = 600_000)
        int timeoutMs) {}
