package io.sealgate.gateway.config;

import java.nio.file.Path;
import java.util.Optional;

/** The admin API. */
public record AdminConfig(
    @Setting(
            says =
                "File with the token that opens the admin API; made at first start. Default:"
                    + " secrets/admin-token in the data directory.",
            example = "/etc/sealgate/admin-token")
        Optional<Path> tokenFile) {}
