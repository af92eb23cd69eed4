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
 */
public record SlotOptions(
    DriverKind driver, List<Standby> standby, boolean signWithAll, boolean signEveryRecord) {
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

  public SlotOptions {
    standby = List.copyOf(standby);
    if (standby.size() > STANDBY_MAX) {
      throw new IllegalArgumentException("at most " + STANDBY_MAX + " standby keys");
    }
  }

  /** The first key alone. */
  public static SlotOptions defaults() {
    return new SlotOptions(DriverKind.IPKCS11WRAPPER, List.of(), false, false);
  }
}
