package io.sealgate.perf.jmh;

import io.sealgate.log.JcsWriter;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.SignedNote;
import io.sealgate.log.Vkey;
import io.sealgate.log.store.LogOptions;
import io.sealgate.log.store.LogWriter;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One batch from begin to commit, the disk included, in the directory for temporary files. The key
 * is the JDK's, so that the log is measured and not a token; {@code unsigned} stops before
 * signature and commit, which is the writer's own share.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SealBenchmark {
  private static final String LOG_NAME = "bench.example.com";

  /** About what a decision record takes. */
  private static final int PADDING_CHARS = 900;

  /** More than an iteration uses: the signer also writes zeros ahead only when it is idle. */
  private static final long PREFILL_BYTES = 256L << 20;

  /** Records in a batch. */
  @Param({"1", "64"})
  public int batch;

  private final byte[] record =
      new JcsWriter()
          .beginObject()
          .name("pad")
          .value("x".repeat(PADDING_CHARS))
          .endObject()
          .toByteArray();
  private Path directory;
  private LogWriter writer;
  private Vkey vkey;
  private Signature signature;

  /** Makes a key and an empty log. */
  @Setup(Level.Iteration)
  public void open() throws IOException, GeneralSecurityException {
    final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    final KeyPair pair = generator.generateKeyPair();
    vkey = Vkey.of(LOG_NAME, pair.getPublic());
    signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    directory = Files.createTempDirectory("sealgate-seal-benchmark-");
    writer =
        LogWriter.open(
            directory.resolve("log"),
            LogOrigin.of(LOG_NAME, Instant.now()),
            NoteVerifier.of(vkey),
            LogOptions.defaults().withPrefillBytes(PREFILL_BYTES));
  }

  /** Removes the log. */
  @TearDown(Level.Iteration)
  public void remove() throws IOException {
    writer.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Signed and on disk. */
  @Benchmark
  public long sealed() throws IOException, GeneralSecurityException {
    append();
    final byte[] text = writer.checkpointText();
    signature.update(text);
    final SignedNote.SignatureLine line = SignedNote.SignatureLine.by(vkey, signature.sign());
    writer.writePages();
    writer.commit(SignedNote.of(text, List.of(line)).toBytes());
    return writer.size();
  }

  /** Hashed and in the pages of a transaction that is given up. */
  @Benchmark
  public byte[] unsigned() throws StoreException {
    append();
    final byte[] text = writer.checkpointText();
    writer.writePages();
    writer.abort();
    return text;
  }

  private void append() throws StoreException {
    writer.begin();
    for (int i = 0; i < batch; i++) {
      writer.append(record, 0, record.length);
    }
  }
}
