package io.sealgate.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would crash a JVM, or quietly lose data, with LMDB alone: an exception each. */
final class MisuseTest {
  private static final StoreOptions OPTIONS = new StoreOptions(1L << 24, 4, 4, false);

  @TempDir Path temporary;

  private Path dir;

  @BeforeEach
  void makeDirectory() throws IOException {
    dir = Files.createDirectory(temporary.resolve("store"));
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes);
  }

  private static void put(StoreEnv env, int key, int valueBytes) throws StoreException {
    WriteTransaction transaction = env.beginWrite();
    try {
      transaction.put("t", direct(4).putInt(0, key), direct(valueBytes));
      transaction.commit();
    } finally {
      transaction.abort();
    }
  }

  @Test
  void shouldThrowForEveryUseAfterClose() throws StoreException {
    StoreEnv env = StoreEnv.openWriter(dir, OPTIONS);
    env.createTables("t");
    WriteTransaction open = env.beginWrite();
    env.close();
    env.close();
    assertThrows(IllegalStateException.class, () -> open.put("t", direct(4), direct(4)));
    assertThrows(IllegalStateException.class, open::commit);
    assertThrows(IllegalStateException.class, env::beginWrite);
    assertThrows(IllegalStateException.class, env::usedBytes);
    assertThrows(IllegalStateException.class, () -> env.get("t", new byte[4]));
    assertThrows(IllegalStateException.class, () -> env.last("t"));
    assertThrows(IllegalStateException.class, () -> env.page("t", new byte[0], true, 1, 1));
    assertThrows(IllegalStateException.class, () -> env.createTables("u"));
    assertThrows(IllegalStateException.class, () -> env.prefill(1, 1));
    assertThrows(IllegalStateException.class, () -> env.backup(dir.resolve("copy")));
    assertThrows(IllegalStateException.class, env::trust);
  }

  @Test
  void shouldThrowAndGoOnWhenAValueIsLargerThanTheMap() throws StoreException {
    try (StoreEnv env = StoreEnv.openWriter(dir, OPTIONS)) {
      env.createTables("t");
      StoreException full = assertThrows(StoreException.class, () -> put(env, 1, 1 << 25));
      assertTrue(full.getMessage().contains("map is full"), full.getMessage());
      assertFalse(env.isSuspect(), "a full map is no failed flush");
      put(env, 2, 100);
      assertEquals(100, env.get("t", new byte[] {0, 0, 0, 2}).length);
      assertThrows(IllegalArgumentException.class, () -> env.get("t", new byte[512]));
      assertThrows(IllegalArgumentException.class, () -> env.get("t", new byte[0]));
      WriteTransaction transaction = env.beginWrite();
      assertThrows(
          IllegalArgumentException.class, () -> transaction.put("t", direct(512), direct(1)));
      transaction.abort();
    }
  }

  @Test
  void shouldThrowAndGoOnWhenThereAreMoreReadersThanSlots() throws Exception {
    try (StoreEnv env = StoreEnv.openWriter(dir, new StoreOptions(1L << 24, 1, 4, false));
        ExecutorService readers = Executors.newFixedThreadPool(8)) {
      env.createTables("t");
      for (int i = 0; i < 200; i++) {
        put(env, i, 100);
      }
      List<Future<Integer>> refusals = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        refusals.add(
            readers.submit(
                () -> {
                  int refused = 0;
                  for (int i = 0; i < 2_000; i++) {
                    try {
                      env.page("t", new byte[0], true, 200, 1 << 20);
                    } catch (StoreException e) {
                      assertTrue(e.getMessage().contains("too many read"), e.getMessage());
                      refused++;
                    }
                  }
                  return refused;
                }));
      }
      int refused = 0;
      for (Future<Integer> reader : refusals) {
        refused += reader.get();
      }
      assertTrue(refused > 0, "eight threads never met in one slot");
      assertEquals(200, env.page("t", new byte[0], true, 1_000, 1 << 20).size());
    }
  }

  @Test
  void shouldCopyWithoutUnusedPagesWhileOpenAndRefuseAUsedTarget() throws IOException {
    Path copy = dir.resolve("copy");
    try (StoreEnv env = StoreEnv.openWriter(dir.resolve("env"), OPTIONS)) {
      env.createTables("t");
      for (int i = 0; i < 300; i++) {
        put(env, i, 5_000);
      }
      for (int i = 0; i < 300; i++) {
        if (i % 10 != 0) {
          WriteTransaction transaction = env.beginWrite();
          transaction.delete("t", direct(4).putInt(0, i));
          transaction.commit();
        }
      }
      env.backup(copy);
      assertTrue(Files.size(copy.resolve("data.mdb")) < env.usedBytes() / 3);
      StoreException used = assertThrows(StoreException.class, () -> env.backup(copy));
      assertTrue(used.getMessage().contains("not empty"), used.getMessage());
      put(env, 1, 10);
    }
    try (StoreEnv read = StoreEnv.openWriter(copy, OPTIONS)) {
      assertEquals(30, read.page("t", new byte[0], true, 1_000, 1 << 24).size());
      assertNull(read.get("t", new byte[] {0, 0, 0, 1}), "written after the copy");
    }
  }

  @Test
  void shouldWriteNothingAfterAFailedFlushUntilTheContentIsTrusted() throws IOException {
    try (StoreEnv env = StoreEnv.openWriter(dir, OPTIONS)) {
      env.createTables("t");
      put(env, 1, 10);
    }
    Files.writeString(dir.resolve(SuspectMark.FILE), "a flush failed\n");
    try (StoreEnv env = StoreEnv.openWriter(dir, OPTIONS)) {
      assertTrue(env.isSuspect());
      StoreException refused = assertThrows(StoreException.class, env::beginWrite);
      assertTrue(refused.getMessage().contains("until its content is verified"));
      assertThrows(StoreException.class, () -> env.createTables("u"));
      assertThrows(StoreException.class, () -> env.prefill(1 << 20, 1 << 20));
      assertArrayEquals(new byte[10], env.get("t", new byte[] {0, 0, 0, 1}));
    }
    assertTrue(Files.exists(dir.resolve(SuspectMark.FILE)), "closing trusts nothing");
    try (StoreEnv env = StoreEnv.openWriter(dir, OPTIONS)) {
      env.trust();
      put(env, 2, 10);
    }
    try (StoreEnv env = StoreEnv.openWriter(dir, OPTIONS)) {
      assertFalse(env.isSuspect());
    }
  }

  @Test
  void shouldReadAllStateBeforeItIsWrittenAfterAFailedFlush() throws IOException {
    byte[] key = {1};
    try (StateStore store = StateStore.open(dir)) {
      store.write(batch -> batch.put("t", key, key));
    }
    Files.writeString(dir.resolve(SuspectMark.FILE), "a flush failed\n");
    assertEquals(List.of(dir), StoreEnv.suspectsBelow(dir.getParent()));
    try (StateStore store = StateStore.open(dir)) {
      assertArrayEquals(key, store.get("t", key));
      store.write(batch -> batch.put("t", key, new byte[] {2}));
    }
    assertEquals(List.of(), StoreEnv.suspectsBelow(dir.getParent()));
  }

  @Test
  void shouldNeverReopenForWritingInTheProcessThatSawTheFlushFail() throws IOException {
    StoreEnv env = StoreEnv.openWriter(dir, OPTIONS);
    env.createTables("t");
    env.flushFailed(new IOException("EIO"));
    assertThrows(StoreException.class, env::beginWrite);
    env.close();
    StoreException refused =
        assertThrows(StoreException.class, () -> StoreEnv.openWriter(dir, OPTIONS));
    assertTrue(refused.getMessage().contains("failed in this process"), refused.getMessage());
    assertTrue(Files.readString(dir.resolve(SuspectMark.FILE)).contains("EIO"));
  }

  @Test
  void shouldCompareTheDiskWithTheCacheByteForByte() throws IOException {
    Path file = dir.resolve("file");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength((1 << 20) + 123);
      out.seek(1 << 20);
      out.write(7);
    }
    CacheCheck.requireSame(file);
  }
}
