package io.sealgate.signer;

import io.sealgate.signer.token.DriverKind;
import io.sealgate.signer.token.KeyType;
import io.sealgate.signer.token.TokenConfig;
import io.sealgate.signer.token.TokenException;
import java.nio.file.Path;
import java.util.List;

/**
 * How the log's keys are reached, and what keys there are beside the first.
 *
 * @param driver the library that talks to the PKCS#11 modules
 * @param standby keys that sign when the first cannot, in order of preference; each announced in
 *     the log before its first use
 * @param signWithAll whether every key that is well signs every head, instead of the first alone
 * @param signEveryRecord whether each record bears a signature of its own (DSSE), at the rate that
 *     the token can sign, beside the head's
 * @param restartSeconds how long no key may sign before the process ends, so that another is
 *     started: the last rung of recovery, for modules that come back only in a new process
 */
public record SlotOptions(
    DriverKind driver,
    List<Standby> standby,
    boolean signWithAll,
    boolean signEveryRecord,
    int restartSeconds) {
  /**
   * A further key, of the first one's type.
   *
   * @param module path of its PKCS#11 module, or {@value SignerConfig#MODULE_AUTO}
   * @param tokenLabel label of its token
   * @param keyLabel label of the key in it
   * @param pinFile file with the token's user PIN, mode 600
   */
  public record Standby(String module, String tokenLabel, String keyLabel, Path pinFile) {
    TokenConfig token(KeyType type) throws TokenException {
      return new TokenConfig(
          SignerConfig.modulePath(module), tokenLabel, keyLabel, type, pinFile.toAbsolutePath());
    }
  }

  /** One deadline is shared by all slots, so a few are all that help. */
  public static final int STANDBY_MAX = 3;

  /** A network HSM that fails over, or a person who puts a token back, is given a minute. */
  public static final int RESTART_SECONDS_DEFAULT = 60;

  public SlotOptions {
    standby = List.copyOf(standby);
    if (restartSeconds < 1) {
      throw new IllegalArgumentException("restartSeconds is at least 1");
    }
    if (standby.size() > STANDBY_MAX) {
      throw new IllegalArgumentException("at most " + STANDBY_MAX + " standby keys");
    }
  }

  /** With the usual patience. */
  public SlotOptions(
      DriverKind driver, List<Standby> standby, boolean signWithAll, boolean signEveryRecord) {
    this(driver, standby, signWithAll, signEveryRecord, RESTART_SECONDS_DEFAULT);
  }

  /** The first key alone. */
  public static SlotOptions defaults() {
    return new SlotOptions(DriverKind.IPKCS11WRAPPER, List.of(), false, false);
  }
}
