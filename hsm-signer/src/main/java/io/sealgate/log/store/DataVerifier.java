package io.sealgate.log.store;

import io.sealgate.log.SignedNote;
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
    return verify(dataDir, VerifyOptions.of(trust(dataDir)));
  }

  /**
   * The keys of the log of a data folder, with the witnesses that the appliance asks.
   *
   * @throws IOException if there is no trust file, or it cannot be read
   */
  public static TrustPolicy trust(Path dataDir) throws IOException {
    return CosignedHeads.of(dataDir).witnessed(TrustPolicy.read(trustFile(dataDir)));
  }

  /**
   * As {@link #verify(Path)} with keys from elsewhere, which is the stronger check. The log must
   * contain the heads that witnesses cosigned, too.
   */
  public static VerifyReport verify(Path dataDir, VerifyOptions options) throws IOException {
    CosignedHeads heads = CosignedHeads.of(dataDir);
    try (LogReader reader = LogReader.openCosigned(dataDir)) {
      List<LogVerifier.Shard> shards = new ArrayList<>();
      List<byte[]> held = new ArrayList<>(options.held());
      for (String shard : reader.shards()) {
        SignedNote head = heads.head(shard);
        if (head != null) {
          held.add(head.toBytes());
        }
        shards.add(new LogVerifier.Shard(shard, () -> open(reader, shard)));
      }
      return LogVerifier.verify(shards, options.withHeld(held));
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
