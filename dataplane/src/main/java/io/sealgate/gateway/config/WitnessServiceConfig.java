package io.sealgate.gateway.config;

import java.util.List;
import java.util.Optional;

/** This appliance as a witness of other logs. */
public record WitnessServiceConfig(
    @Setting(says = "Whether other logs' heads are cosigned.", fallback = "false") boolean enabled,
    @Setting(
            says =
                "Address to listen on, in clear text: what passes is public and signed. Put a TLS"
                    + " proxy before it where the network is not your own.",
            fallback = "127.0.0.1")
        String address,
    @Setting(says = "Port.", fallback = "9092", max = 65_535) int port,
    @Setting(
            says =
                "Name of the witness's key, as verifiers see it. Default: signer.log-name and"
                    + " /witness. Its private part is made at first use and lies in"
                    + " secrets/witness-key in the data directory.",
            example = "gateway-1.example.com/witness",
            min = 1,
            max = 255)
        Optional<String> name,
    @Setting(
            says =
                "Verifier keys of the logs that are cosigned, every key in use; the key of one"
                    + " quarter serves for all. 'sealgate key list' prints a log's.",
            fallback = "[]",
            max = 1_024)
        List<String> logs) {
  public WitnessServiceConfig {
    logs = List.copyOf(logs);
  }
}
