package io.sealgate.perf;

import io.sealgate.signer.token.KeyType;
import io.sealgate.signer.token.Pkcs11Driver;
import io.sealgate.signer.token.SigningToken;
import io.sealgate.signer.token.SoftHsm;
import io.sealgate.signer.token.TokenConfig;
import io.sealgate.signer.token.TokenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * What sealing cannot do without, measured by itself on an idle machine.
 *
 * @param flushMicros median of an fdatasync after a 4 KiB write into a file that was written before
 * @param signatureMicros median of an ECDSA P-256 signature of a checkpoint-sized text
 */
record Baselines(double flushMicros, double signatureMicros) {
  private static final int FLUSHES = 200;
  private static final int SIGNATURES = 500;
  private static final int SIGNATURES_WARM_UP = 100;
  private static final int BLOCK_BYTES = 4_096;
  private static final int BLOCKS = 64;
  private static final double NANOS_PER_MICRO = 1_000.0;

  static Baselines measure(final Path directory) throws BenchException {
    try {
      return new Baselines(
          flushMicros(directory.resolve("flush"), FLUSHES), signatureMicros(directory, SIGNATURES));
    } catch (final IOException | TokenException failed) {
      throw new BenchException(
          "cannot measure flushes and signatures: " + failed.getMessage(), failed);
    }
  }

  /** Uses and leaves a file of 256 KiB. */
  static double flushMicros(final Path file, final int times) throws IOException {
    final long[] nanos = new long[times];
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
      for (int i = 0; i < BLOCKS; i++) {
        writeBlock(channel, block, i);
      }
      channel.force(true);
      for (int i = 0; i < times; i++) {
        final long start = System.nanoTime();
        block.putInt(0, i + 1);
        writeBlock(channel, block, i % BLOCKS);
        channel.force(false);
        nanos[i] = System.nanoTime() - start;
      }
    }
    return medianMicros(nanos);
  }

  /** Makes a SoftHSM token of its own and points this process at it. */
  static double signatureMicros(final Path directory, final int times)
      throws IOException, TokenException {
    final Path token = directory.resolve("token");
    SoftHsm.use(token);
    final Path pins = directory.resolve("pins");
    final TokenConfig config =
        new TokenConfig(
            SoftHsm.findModule(), "sealgate-bench", "bench", KeyType.P256, pins.resolve("user"));
    SoftHsm.ensureToken(config, pins.resolve("so"));
    final byte[] text =
        ("sealgate.local/gateway/audit/2026q4\n123456\n" + "A".repeat(43) + "=\n")
            .getBytes(StandardCharsets.US_ASCII);
    final long[] nanos = new long[times];
    try (SigningToken signer = SigningToken.open(new Pkcs11Driver(config), KeyType.P256)) {
      for (int i = 0; i < SIGNATURES_WARM_UP; i++) {
        signer.sign(text);
      }
      for (int i = 0; i < times; i++) {
        final long start = System.nanoTime();
        signer.sign(text);
        nanos[i] = System.nanoTime() - start;
      }
    }
    return medianMicros(nanos);
  }

  private static double medianMicros(final long[] nanos) {
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / NANOS_PER_MICRO;
  }

  private static void writeBlock(final FileChannel file, final ByteBuffer block, final int index)
      throws IOException {
    block.clear();
    while (block.hasRemaining()) {
      file.write(block, (long) index * BLOCK_BYTES + block.position());
    }
  }
}
