package io.sealgate.gateway.run;

import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.config.SignerConfig;
import io.sealgate.gateway.config.SignerConfig.KeyType;
import io.sealgate.log.store.LogOptions;
import io.sealgate.signer.LogLife;
import io.sealgate.signer.SlotOptions;
import io.sealgate.signer.token.DriverKind;
import java.nio.file.Path;
import java.util.List;

/** Turns the operator's configuration into the signer's own. */
public final class SignerSettings {
  private SignerSettings() {}

  /**
   * @param supervised whether the signer is to stop when its standard input ends
   */
  public static io.sealgate.signer.SignerConfig of(
      final GatewayConfig config, final boolean supervised) {
    return new io.sealgate.signer.SignerConfig(
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
        LogOptions.defaults(),
        new LogLife(
            config.signer().heartbeatSeconds(),
            config.signer().retention().days(),
            config.signer().retention().acceptBelowMinimum()),
        slots(config));
  }

  private static SlotOptions slots(final GatewayConfig config) {
    final SignerConfig.Standby standby = config.signer().standby();
    final String module =
        standby.pkcs11Module().map(Path::toString).orElse(config.signer().pkcs11Module());
    return new SlotOptions(
        config.signer().driver() == SignerConfig.Driver.SUNPKCS11
            ? DriverKind.SUNPKCS11
            : DriverKind.IPKCS11WRAPPER,
        standby
            .tokenLabel()
            .map(
                label ->
                    List.of(
                        new SlotOptions.Standby(
                            module, label, standby.keyLabel(), standby.pinFile().orElseThrow())))
            .orElse(List.of()),
        config.signer().dualSignature(),
        config.signer().mode() == SignerConfig.Mode.RECORD,
        config.signer().tokenRestartSeconds());
  }
}
