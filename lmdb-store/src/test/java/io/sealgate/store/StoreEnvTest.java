package io.sealgate.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class StoreEnvTest {
  private static final StoreOptions OPTIONS = new StoreOptions(1L << 30, 64, 4, true);

  @TempDir Path dir;

  private static ByteBuffer direct(int... bytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
    for (int b : bytes) {
      buffer.put((byte) b);
    }
    return buffer.flip();
  }

  private static void put(StoreEnv env, int key, int value) throws StoreException {
    WriteTransaction transaction = env.beginWrite();
    transaction.put("t", direct(key), direct(value));
    transaction.commit();
  }

  @Test
  void shouldShowReadersOnlyWhatIsCommitted() throws StoreException {
    try (StoreEnv writer = StoreEnv.openWriter(dir, OPTIONS);
        StoreEnv reader = StoreEnv.openReader(dir, OPTIONS)) {
      writer.createTables("t");
      WriteTransaction transaction = writer.beginWrite();
      transaction.put("t", direct(1), direct(10));
      transaction.append("t", direct(2), direct(20));
      assertNull(reader.get("t", new byte[] {1}));
      assertNull(reader.get("absent", new byte[] {1}));
      assertThrows(
          IllegalStateException.class, () -> transaction.put("absent", direct(1), direct(1)));
      transaction.commit();
      assertArrayEquals(new byte[] {10}, reader.get("t", new byte[] {1}));
      assertArrayEquals(new byte[] {2}, reader.last("t").key());
      WriteTransaction dropped = writer.beginWrite();
      assertTrue(dropped.delete("t", direct(1)));
      dropped.abort();
      dropped.abort();
      assertArrayEquals(new byte[] {10}, reader.get("t", new byte[] {1}));
      assertNull(reader.get("absent", new byte[] {1}));
      assertNull(reader.last("absent"));
      assertEquals(List.of(), reader.page("absent", new byte[0], true, 10, 10));
    }
  }

  @Test
  void shouldKeepReadingWhenAWriterComesAndGoes() throws StoreException {
    try (StoreEnv first = StoreEnv.openWriter(dir, OPTIONS)) {
      first.createTables("t");
      put(first, 1, 1);
    }
    try (StoreEnv reader = StoreEnv.openReader(dir, OPTIONS)) {
      assertArrayEquals(new byte[] {1}, reader.get("t", new byte[] {1}));
      try (StoreEnv writer = StoreEnv.openWriter(dir, OPTIONS)) {
        put(writer, 1, 2);
        assertArrayEquals(new byte[] {2}, reader.get("t", new byte[] {1}));
      }
      assertArrayEquals(new byte[] {2}, reader.get("t", new byte[] {1}));
      try (StoreEnv writer = StoreEnv.openWriter(dir, OPTIONS)) {
        put(writer, 1, 3);
      }
      assertArrayEquals(new byte[] {3}, reader.get("t", new byte[] {1}));
    }
  }

  @Test
  void shouldRefuseWhatOnlyTheWriterMayDo() throws StoreException {
    try (StoreEnv writer = StoreEnv.openWriter(dir, OPTIONS);
        StoreEnv reader = StoreEnv.openReader(dir, OPTIONS)) {
      assertThrows(StoreException.class, () -> StoreEnv.openWriter(dir, OPTIONS));
      assertThrows(IllegalStateException.class, reader::beginWrite);
      assertThrows(IllegalStateException.class, () -> reader.createTables("t"));
      assertThrows(IllegalStateException.class, () -> reader.prefill(1, 1));
      WriteTransaction open = writer.beginWrite();
      assertThrows(IllegalStateException.class, writer::beginWrite);
      assertThrows(IllegalStateException.class, () -> writer.createTables("t"));
      assertThrows(IllegalStateException.class, () -> open.put("t", direct(1), direct(1)));
      open.abort();
      assertThrows(IllegalStateException.class, open::commit);
    }
  }

  @Test
  void shouldRefuseATransactionOfAnotherThread() throws Exception {
    try (StoreEnv writer = StoreEnv.openWriter(dir, OPTIONS);
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      writer.createTables("t");
      WriteTransaction open = writer.beginWrite();
      ExecutionException e =
          assertThrows(
              ExecutionException.class,
              () ->
                  other
                      .submit(
                          () -> {
                            open.commit();
                            return null;
                          })
                      .get(30, TimeUnit.SECONDS));
      assertTrue(e.getCause() instanceof IllegalStateException, String.valueOf(e.getCause()));
      open.put("t", direct(1), direct(1));
      open.commit();
    }
  }

  @Test
  void shouldRefuseKeysOutOfOrderWhenAppending() throws StoreException {
    try (StoreEnv writer = StoreEnv.openWriter(dir, OPTIONS)) {
      writer.createTables("t");
      put(writer, 5, 5);
      WriteTransaction open = writer.beginWrite();
      assertThrows(StoreException.class, () -> open.append("t", direct(4), direct(4)));
      open.abort();
      assertArrayEquals(new byte[] {5}, writer.last("t").key());
    }
  }

  @Test
  void shouldAbortTheOpenTransactionWhenClosed() throws StoreException {
    try (StoreEnv reader = openedReader()) {
      StoreEnv writer = StoreEnv.openWriter(dir, OPTIONS);
      WriteTransaction open = writer.beginWrite();
      open.put("t", direct(9), direct(9));
      writer.close();
      assertThrows(IllegalStateException.class, open::commit);
      assertThrows(IllegalStateException.class, writer::usedBytes);
      assertNull(reader.get("t", new byte[] {9}));
    }
  }

  private StoreEnv openedReader() throws StoreException {
    try (StoreEnv writer = StoreEnv.openWriter(dir, OPTIONS)) {
      writer.createTables("t");
      put(writer, 1, 1);
    }
    return StoreEnv.openReader(dir, OPTIONS);
  }

  @Test
  void shouldPageThroughAllEntries() throws StoreException {
    try (StoreEnv writer = StoreEnv.openWriter(dir, OPTIONS)) {
      writer.createTables("t");
      for (int i = 1; i <= 9; i++) {
        put(writer, i, i);
      }
      assertEquals(4, writer.page("t", new byte[] {1}, true, 4, Long.MAX_VALUE).size());
      assertEquals(2, writer.page("t", new byte[] {1}, true, 100, 2).size());
      List<StoreEnv.Entry> rest = writer.page("t", new byte[] {7}, false, 100, 100);
      assertEquals(2, rest.size());
      assertArrayEquals(new byte[] {8}, rest.getFirst().key());
      assertEquals(9, writer.page("t", new byte[0], true, 100, 100).size());
      assertEquals(0, writer.page("t", new byte[] {10}, true, 100, 100).size());
    }
  }

  @Test
  void shouldPrefillInWholeStepsAndKeepTheDataWhole() throws IOException {
    Path file = dir.resolve("data.mdb");
    int step = 1 << 20;
    try (StoreEnv writer = StoreEnv.openWriter(dir, OPTIONS)) {
      writer.createTables("t");
      assertEquals(step, writer.prefill(step / 2, step));
      long size = Files.size(file);
      assertEquals(0, writer.prefill(step / 2, step));
      put(writer, 1, 1);
      assertEquals(size, Files.size(file));
      assertTrue(writer.usableVolumeBytes() > 0);
    }
    try (StoreEnv reader = StoreEnv.openReader(dir, OPTIONS)) {
      assertArrayEquals(new byte[] {1}, reader.get("t", new byte[] {1}));
    }
  }

  @Test
  void shouldLetTheGroupReadButNotWriteWhenAskedTo() throws IOException {
    Path shared = dir.resolve("shared");
    StoreEnv.openWriter(shared, OPTIONS).close();
    assertEquals("rwxr-x---", mode(shared));
    assertEquals("rw-r-----", mode(shared.resolve("data.mdb")));
    assertEquals("rw-rw----", mode(shared.resolve("lock.mdb")));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void shouldSayWhatIsWrongWhenThereIsNothingToRead() throws IOException {
    StoreException none =
        assertThrows(StoreException.class, () -> StoreEnv.openReader(dir, OPTIONS));
    assertTrue(none.getMessage().contains("no data.mdb"), none.getMessage());
    Files.write(dir.resolve("data.mdb"), new byte[8192]);
    StoreException junk =
        assertThrows(StoreException.class, () -> StoreEnv.openReader(dir, OPTIONS));
    assertTrue(junk.getMessage().contains("not an LMDB file"), junk.getMessage());
    assertThrows(StoreException.class, () -> StoreEnv.openWriter(dir, OPTIONS));
    Files.delete(dir.resolve("data.mdb"));
    StoreEnv.openWriter(dir, OPTIONS).close();
  }
}
