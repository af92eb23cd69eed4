package io.sealgate.gateway.run;

import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.config.SignerConfig.KeyType;
import io.sealgate.log.LogOptions;
import io.sealgate.signer.SignerConfig;

/** Turns the operator's configuration into the signer's own. */
public final class SignerSettings {
  private SignerSettings() {}

  /**
   * @param supervised whether the signer is to stop when its standard input ends
   */
  public static SignerConfig of(final GatewayConfig config, final boolean supervised) {
    return new SignerConfig(
        config.data(),
        config.aeronDirectory(),
        config.signer().logName(),
        config.signer().pkcs11Module(),
        config.signer().tokenLabel(),
        config.signer().keyLabel(),
        config.signer().keyType() == KeyType.P256
            ? io.sealgate.signer.token.KeyType.P256
            : io.sealgate.signer.token.KeyType.ED25519,
        config.signerPinFile(),
        config.signer().createToken(),
        config.signer().batchRecordsMax(),
        config.signer().signDeadlineMs(),
        supervised,
        LogOptions.defaults());
  }
}
