package io.sealgate.gateway.config;

import java.net.URI;
import java.util.List;

/** Who cosigns the heads of the log, and what happens while too few do. */
public record WitnessesConfig(
    @Setting(says = "The witnesses that are asked.", fallback = "[]", max = 16) List<Witness> ask,
    @Setting(
            says = "How many of them must cosign a head; exports ask verifiers for as many.",
            fallback = "1",
            min = 1,
            max = 16)
        int quorum,
    @Setting(
            says = "How often they are asked, if the log has a new head.",
            fallback = "5000",
            min = 50,
            max = 3_600_000)
        int intervalMs,
    @Setting(
            says =
                "How old a record may become without the cosignatures of a quorum over it; then"
                    + " metrics, the log and doctor raise the alarm.",
            fallback = "300",
            min = 1,
            max = 604_800)
        int maxAgeSeconds,
    @Setting(
            says = "Whether calls are denied (503) from that moment on, until a quorum cosigns.",
            fallback = "false")
        boolean denyWhenStale) {
  public WitnessesConfig {
    ask = List.copyOf(ask);
  }

  /** One witness. */
  public record Witness(
      @Setting(
              says =
                  "Its submission prefix (C2SP tlog-witness): what stands before /add-checkpoint.",
              example = "http://other-appliance:9092",
              max = 2_048)
          URI url,
      @Setting(
              says =
                  "Its verifier key, of type 04; on another appliance 'sealgate witness key' prints"
                      + " it.",
              example = "\"other.example.com/witness+01234567+BA...\"",
              min = 1,
              max = 1_024)
          String vkey) {}
}
