package io.sealgate.perf;

import io.sealgate.log.store.LogOptions;
import io.sealgate.signer.SignerConfig;
import io.sealgate.signer.SignerException;
import io.sealgate.signer.SignerProcess;
import io.sealgate.signer.token.KeyType;
import java.nio.file.Path;

/** Main of the signer's process: the product's, with a token and a log of its own. */
final class BenchSigner {
  static final String LOG_NAME = "bench.example.com";

  /** More than a run writes, so that no commit has to grow the file. */
  private static final long PREFILL_BYTES = 512L << 20;

  private BenchSigner() {}

  static SignerConfig config(final Path data, final Path aeron, final String module) {
    final SignerConfig base = SignerConfig.development(data, aeron, LOG_NAME, KeyType.P256);
    return new SignerConfig(
        base.dataDir(),
        base.aeronDir(),
        base.logName(),
        module,
        base.tokenLabel(),
        base.keyLabel(),
        base.keyType(),
        base.pinFile(),
        base.createToken(),
        base.batchRecordsMax(),
        base.signDeadlineMillis(),
        true,
        LogOptions.defaults().withPrefillBytes(PREFILL_BYTES),
        base.logLife(),
        base.slotOptions());
  }

  /**
   * Arguments: data folder, directory of the media driver, PKCS#11 module. Ends when standard input
   * does.
   */
  public static void main(final String[] args) {
    try {
      SignerProcess.run(config(Path.of(args[0]), Path.of(args[1]), args[2]));
    } catch (final SignerException failed) {
      System.err.println("signer: " + failed.getMessage());
      System.exit(failed.exitCode().status());
    }
  }
}
