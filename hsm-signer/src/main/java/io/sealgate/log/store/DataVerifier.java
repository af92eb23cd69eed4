package io.sealgate.log.store;

import io.sealgate.log.TrustPolicy;
import io.sealgate.log.verify.LogVerifier;
import io.sealgate.log.verify.VerifyExit;
import io.sealgate.log.verify.VerifyFailure;
import io.sealgate.log.verify.VerifyOptions;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lets {@link LogVerifier} read a data folder. The signer may be writing. */
public final class DataVerifier {
  private DataVerifier() {}

  /**
   * Verifies the log of a data folder with the keys of its own trust file.
   *
   * @throws IOException if there is no log or no trust file to verify with
   */
  public static VerifyReport verify(Path dataDir) throws IOException {
    return verify(dataDir, VerifyOptions.of(TrustPolicy.read(trustFile(dataDir))));
  }

  /** As {@link #verify(Path)} with keys from elsewhere, which is the stronger check. */
  public static VerifyReport verify(Path dataDir, VerifyOptions options) throws IOException {
    try (LogReader reader = LogReader.open(dataDir.resolve("log"))) {
      List<LogVerifier.Shard> shards = new ArrayList<>();
      for (String shard : reader.shards()) {
        shards.add(new LogVerifier.Shard(shard, () -> open(reader, shard)));
      }
      return LogVerifier.verify(shards, options);
    }
  }

  /** The file in a data folder that names the keys of its log. */
  public static Path trustFile(Path dataDir) {
    return dataDir.resolve("log").resolve(LogTables.TRUST_FILE);
  }

  private static DataShard open(LogReader reader, String shard) throws VerifyFailure {
    try {
      return DataShard.open(reader, shard);
    } catch (StoreException e) {
      throw new VerifyFailure(VerifyExit.TREE, -1, e.getMessage());
    }
  }
}
