package io.sealgate.gateway.config;

import java.nio.file.Path;
import java.util.Optional;

/** The signer process and its token. */
public record SignerConfig(
    @Setting(
            says =
                "Name of the sealed log and of its signing key, as verifiers see it. Choose it"
                    + " once: a new name is a new log.",
            fallback = "sealgate.local/gateway",
            min = 1,
            max = 255)
        String logName,
    @Setting(
            says = "PKCS#11 library of the HSM. auto looks for SoftHSM in the usual places.",
            fallback = "auto",
            min = 1)
        String pkcs11Module,
    @Setting(says = "Label of the token.", fallback = "sealgate", min = 1, max = 32)
        String tokenLabel,
    @Setting(
            says = "Label of the signing key in the token.",
            fallback = "sealgate-log",
            min = 1,
            max = 255)
        String keyLabel,
    @Setting(
            says = "p256: ECDSA over P-256, which every HSM can do. ed25519: where the HSM can.",
            fallback = "p256")
        KeyType keyType,
    @Setting(
            says =
                "File with the token's user PIN, readable by its owner only. Only the signer reads"
                    + " it. Default: secrets/token-pin in the data directory.",
            example = "/run/credentials/sealgate-signer.service/token-pin")
        Optional<Path> pinFile,
    @Setting(
            says =
                "Whether a missing token and key are made at start. Switch it off where keys are"
                    + " made in a ceremony.",
            fallback = "true")
        boolean createToken,
    @Setting(
            says = "Records covered by one signature at most.",
            fallback = "512",
            min = 1,
            max = 65_536)
        int batchRecordsMax,
    @Setting(
            says = "How long the HSM may take for one signature before the token is given up.",
            fallback = "2000",
            min = 10,
            max = 60_000)
        int signDeadlineMs,
    @Setting(
            says =
                "Whether the gateway starts the signer and restarts it. Switch it off where a"
                    + " service manager does.",
            fallback = "true")
        boolean supervise,
    @Setting(
            says =
                "Directory in shared memory where the gateway and the signer meet. Default: one in"
                    + " /dev/shm for each data directory.",
            example = "/run/sealgate/aeron")
        Optional<Path> aeronDir) {

  /** Value of {@link #pkcs11Module()} that asks for a search. */
  public static final String MODULE_AUTO = "auto";

  /** Kind of signing key. */
  public enum KeyType {
    /** ECDSA over P-256. */
    P256,
    /** Ed25519. */
    ED25519
  }
}
