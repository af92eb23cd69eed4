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
        Optional<Path> aeronDir,
    @Setting(
            says =
                "Library that talks to the PKCS#11 module. ipkcs11wrapper: every key type."
                    + " sunpkcs11: the JDK's own, P-256 only, finds a key beside a certificate.",
            fallback = "ipkcs11wrapper")
        Driver driver,
    @Setting(
            says =
                "Whether the standby key signs every head too, instead of only when the first key"
                    + " cannot.",
            fallback = "false")
        boolean dualSignature,
    @Setting(
            says =
                "batch: one signature covers all records of a moment. record: each record bears one"
                    + " of its own too (DSSE), and calls beyond the token's rate are denied.",
            fallback = "batch")
        Mode mode,
    @Setting(says = "A second key, in a token of its own, that signs when the first cannot.")
        Standby standby,
    @Setting(
            says =
                "How long no token may sign before the signer ends and is started anew: the last"
                    + " step of recovery, for modules that come back only in a new process.",
            fallback = "60",
            min = 1,
            max = 3_600)
        int tokenRestartSeconds,
    @Setting(
            says =
                "A leaf is written after so many seconds without one, so that a stopped log is"
                    + " seen. 0 for never.",
            fallback = "60",
            min = 0,
            max = 86_400)
        int heartbeatSeconds,
    @Setting(says = "How long records are kept.") Retention retention) {

  /** What bears a signature. */
  public enum Mode {
    /** Heads. */
    BATCH,
    /** Heads and records. */
    RECORD
  }

  /** Libraries that reach a PKCS#11 module. */
  public enum Driver {
    /** org.xipki:ipkcs11wrapper. */
    IPKCS11WRAPPER,
    /** The JDK's SunPKCS11. */
    SUNPKCS11
  }

  /** The second key; there is one where it has a token label. */
  public record Standby(
      @Setting(says = "Label of its token.", example = "sealgate-b", min = 1, max = 32)
          Optional<String> tokenLabel,
      @Setting(says = "Label of the key in it.", fallback = "sealgate-log", min = 1, max = 255)
          String keyLabel,
      @Setting(
              says = "Its PKCS#11 library. Default: that of the first key.",
              example = "/usr/lib/softhsm/libsofthsm2.so")
          Optional<Path> pkcs11Module,
      @Setting(
              says = "File with its user PIN, readable by its owner only.",
              example = "/run/credentials/sealgate-signer.service/standby-pin")
          Optional<Path> pinFile) {}

  /** How long a shard of the log is kept. */
  public record Retention(
      @Setting(
              says =
                  "Days a quarter's records are kept after its end. Fewer than 184 only with"
                      + " accept-below-minimum.",
              fallback = "184",
              min = 1,
              max = 36_500)
          int days,
      @Setting(
              says =
                  "Whether fewer than 184 days are meant; every start of the signer then seals a"
                      + " record that says so.",
              fallback = "false")
          boolean acceptBelowMinimum) {}

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
