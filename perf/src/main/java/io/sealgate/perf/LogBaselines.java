package io.sealgate.perf;

import io.sealgate.store.StoreEnv;
import io.sealgate.store.StoreException;
import io.sealgate.store.StoreOptions;
import io.sealgate.store.WriteTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What records would cost without a sealed log, or with a simpler one.
 *
 * @param flushAndSignature the medians of one flush and of one signature
 * @param commitEachPerSecond records, each in a commit of its own, unsigned
 * @param unsignedPerSecond records in commits of {@value #BATCH}, unsigned: the ceiling
 */
record LogBaselines(
    Baselines flushAndSignature, double commitEachPerSecond, double unsignedPerSecond) {
  static final int BATCH = 256;

  private static final Duration TIME = Duration.ofSeconds(4);
  private static final int RECORD_BYTES = 1_170;
  private static final long PREFILL_BYTES = 256L << 20;
  private static final int PREFILL_STEP_BYTES = 8 << 20;
  private static final long MAP_BYTES = 8L << 30;
  private static final String TABLE = "records";
  private static final double NANOS_PER_SECOND = 1e9;

  static LogBaselines measure(final Path directory) throws BenchException {
    final Baselines baselines = Baselines.measure(directory);
    try {
      return new LogBaselines(
          baselines,
          appended(directory.resolve("each"), 1),
          appended(directory.resolve("batches"), BATCH));
    } catch (final IOException failed) {
      throw new BenchException("cannot measure commits: " + failed.getMessage(), failed);
    }
  }

  /** Records a second that are signed one by one, at most. */
  double signedEachPerSecond() {
    return 1e6 / flushAndSignature.signatureMicros();
  }

  private static double appended(final Path directory, final int batch) throws StoreException {
    try (StoreEnv env = StoreEnv.openWriter(directory, new StoreOptions(MAP_BYTES, 8, 4, false))) {
      env.createTables(TABLE);
      long ahead = 0;
      while (ahead < PREFILL_BYTES && env.prefill(PREFILL_BYTES, PREFILL_STEP_BYTES) > 0) {
        ahead += PREFILL_STEP_BYTES;
      }
      final ByteBuffer key = ByteBuffer.allocateDirect(Long.BYTES);
      final ByteBuffer value = ByteBuffer.allocateDirect(RECORD_BYTES);
      final long start = System.nanoTime();
      long count = 0;
      while (System.nanoTime() - start < TIME.toNanos()) {
        final WriteTransaction write = env.beginWrite();
        for (int i = 0; i < batch; i++) {
          write.append(TABLE, key.clear().putLong(count++).flip(), value.clear());
        }
        write.commit();
      }
      return count * NANOS_PER_SECOND / (System.nanoTime() - start);
    }
  }
}
