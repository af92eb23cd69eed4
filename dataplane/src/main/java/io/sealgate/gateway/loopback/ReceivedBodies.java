package io.sealgate.gateway.loopback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The last bodies received, in memory, and all of them in a file when one is configured. */
final class ReceivedBodies implements AutoCloseable {
  private static final int ENTRIES_MAX = 1_000;
  private static final long BYTES_MAX = 16 << 20;
  private static final int DIGEST_BYTES = 32;

  private record Entry(long n, String path, byte[] body) {}

  private final Deque<Entry> entries = new ArrayDeque<>();
  private final FileChannel file;
  private long count;
  private long bytes;

  ReceivedBodies(final Optional<Path> log) throws IOException {
    this.file = log.isPresent() ? open(log.get()) : null;
  }

  /** Keeps a body. Returns once its line is written, so an answer never comes before it. */
  synchronized void add(final String path, final byte[] body) {
    final Entry entry = new Entry(++count, path, body);
    entries.addLast(entry);
    bytes += body.length;
    while (entries.size() > ENTRIES_MAX || (bytes > BYTES_MAX && entries.size() > 1)) {
      bytes -= entries.removeFirst().body.length;
    }
    if (file != null) {
      write(received(entry).json() + "\n");
    }
  }

  synchronized List<Received> all() {
    return entries.stream().map(ReceivedBodies::received).toList();
  }

  synchronized long count() {
    return count;
  }

  @Override
  public synchronized void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  private void write(final String line) {
    try {
      final ByteBuffer buffer = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (final IOException unwritable) {
      throw new UncheckedIOException("cannot write the received log", unwritable);
    }
  }

  private static Received received(final Entry entry) {
    return new Received(
        entry.n,
        entry.path,
        ChatAnswer.hex(entry.body, DIGEST_BYTES),
        new String(entry.body, StandardCharsets.UTF_8));
  }

  private static FileChannel open(final Path log) throws IOException {
    return FileChannel.open(
        log,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }
}
