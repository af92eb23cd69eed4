package io.sealgate.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateStoreTest {
  @TempDir Path dir;

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  @Test
  void shouldKeepWhatWasWrittenWhenReopened() throws StoreException {
    try (StateStore store = StateStore.open(dir.resolve("a"))) {
      store.write(
          batch -> {
            batch.put("policies", bytes("k"), bytes("v"));
            batch.put("policies", bytes("empty"), new byte[0]);
            batch.put("gone", bytes("k"), bytes("v"));
          });
      store.write(batch -> batch.delete("gone", bytes("k")));
    }
    try (StateStore store = StateStore.open(dir.resolve("a"))) {
      assertArrayEquals(bytes("v"), store.get("policies", bytes("k")));
      assertArrayEquals(new byte[0], store.get("policies", bytes("empty")));
      assertNull(store.get("gone", bytes("k")));
      assertNull(store.get("never-made", bytes("k")));
    }
  }

  @Test
  void shouldWriteNothingWhenTheWorkThrows() throws StoreException {
    try (StateStore store = StateStore.open(dir)) {
      assertThrows(
          ArithmeticException.class,
          () ->
              store.write(
                  batch -> {
                    batch.put("t", bytes("k"), bytes("v"));
                    throw new ArithmeticException();
                  }));
      assertNull(store.get("t", bytes("k")));
    }
  }

  @Test
  void shouldScanInOrderAcrossManyReadsWhenTheVisitorUsesTheStore() throws StoreException {
    int count = 1_000;
    try (StateStore store = StateStore.open(dir)) {
      store.write(
          batch -> {
            for (int i = count - 1; i >= 0; i--) {
              batch.put("t", number(i), number(i * 2));
            }
          });
      List<Integer> seen = new ArrayList<>();
      store.scan(
          "t",
          number(10),
          (key, value) -> {
            int index = ByteBuffer.wrap(key).getInt();
            assertEquals(index * 2, ByteBuffer.wrap(value).getInt());
            assertArrayEquals(value, store.get("t", key));
            seen.add(index);
            key[0] = 99;
            return index < 900;
          });
      assertEquals(891, seen.size());
      assertEquals(10, seen.getFirst());
      assertEquals(900, seen.getLast());
      List<Integer> all = new ArrayList<>();
      store.scan("t", new byte[0], (key, _) -> all.add(ByteBuffer.wrap(key).getInt()));
      assertEquals(count, all.size());
    }
  }

  @Test
  void shouldCountRightWhenThreadsReadAndWriteInOneCall() throws Exception {
    int threads = 4;
    int rounds = 25;
    try (StateStore store = StateStore.open(dir);
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        running.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < rounds; i++) {
                    store.write(
                        batch -> {
                          byte[] old = store.get("t", bytes("n"));
                          int value = old == null ? 0 : ByteBuffer.wrap(old).getInt();
                          batch.put("t", bytes("n"), number(value + 1));
                        });
                  }
                  return null;
                }));
      }
      for (Future<?> future : running) {
        future.get(60, TimeUnit.SECONDS);
      }
      assertEquals(threads * rounds, ByteBuffer.wrap(store.get("t", bytes("n"))).getInt());
    }
  }

  @Test
  void shouldThrowAndNotCrashWhenUsedAfterClose() throws StoreException {
    StateStore store = StateStore.open(dir);
    store.write(batch -> batch.put("t", bytes("k"), bytes("v")));
    store.close();
    store.close();
    assertThrows(IllegalStateException.class, () -> store.get("t", bytes("k")));
    assertThrows(IllegalStateException.class, () -> store.scan("t", bytes("k"), (_, _) -> true));
    assertThrows(
        IllegalStateException.class,
        () -> store.write(batch -> batch.put("t", bytes("k"), bytes("v"))));
  }

  @Test
  void shouldSurviveWhenClosedUnderRunningReaders() throws Exception {
    StateStore store = StateStore.open(dir);
    store.write(batch -> batch.put("t", bytes("k"), bytes("v")));
    try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
      List<Future<Integer>> readers = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        readers.add(
            pool.submit(
                () -> {
                  int reads = 0;
                  try {
                    while (true) {
                      assertArrayEquals(bytes("v"), store.get("t", bytes("k")));
                      reads++;
                    }
                  } catch (IllegalStateException e) {
                    assertTrue(e.getMessage().contains("closed"), e.getMessage());
                    return reads;
                  }
                }));
      }
      for (int i = 0; i < 20; i++) {
        store.write(batch -> batch.put("t", bytes("other"), bytes("v")));
      }
      store.close();
      for (Future<Integer> reader : readers) {
        reader.get(60, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void shouldRefuseNestingWhenCalledFromWithinAWrite() throws StoreException {
    try (StateStore store = StateStore.open(dir)) {
      assertThrows(IllegalStateException.class, () -> store.write(_ -> writeNothing(store)));
      assertThrows(IllegalStateException.class, () -> store.write(_ -> close(store)));
      store.write(batch -> batch.put("t", bytes("k"), bytes("v")));
    }
  }

  private static void writeNothing(StateStore store) {
    try {
      store.write(_ -> {});
    } catch (StoreException e) {
      throw new AssertionError(e);
    }
  }

  private static void close(StateStore store) {
    try {
      store.close();
    } catch (StoreException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldRefuseASecondOpenWhenTheStoreIsOpen() throws StoreException {
    try (StateStore store = StateStore.open(dir)) {
      StoreException e = assertThrows(StoreException.class, () -> StateStore.open(dir));
      assertTrue(e.getMessage().contains(dir.toString()), e.getMessage());
      store.write(batch -> batch.put("t", bytes("k"), bytes("v")));
    }
    StateStore.open(dir).close();
  }

  @Test
  void shouldSayTheWayOutWhenTheMapIsFull() throws StoreException {
    try (StateStore store = StateStore.open(dir, 1 << 20)) {
      StoreException e =
          assertThrows(
              StoreException.class,
              () -> store.write(batch -> batch.put("t", bytes("big"), new byte[2 << 20])));
      assertTrue(e.getMessage().contains("full"), e.getMessage());
      store.write(batch -> batch.put("t", bytes("k"), bytes("v")));
      assertArrayEquals(bytes("v"), store.get("t", bytes("k")));
    }
  }

  @Test
  void shouldRefuseBadNamesAndKeys() throws StoreException {
    try (StateStore store = StateStore.open(dir)) {
      assertThrows(IllegalArgumentException.class, () -> store.get("No Such", bytes("k")));
      assertThrows(IllegalArgumentException.class, () -> store.get("t", new byte[0]));
      assertThrows(IllegalArgumentException.class, () -> store.get("t", new byte[512]));
      assertThrows(
          IllegalArgumentException.class,
          () -> store.write(batch -> batch.put("t", new byte[0], bytes("v"))));
    }
  }

  @Test
  void shouldRefuseMoreTablesThanAllowed() throws StoreException {
    try (StateStore store = StateStore.open(dir)) {
      StoreException e =
          assertThrows(
              StoreException.class,
              () ->
                  store.write(
                      batch -> {
                        for (int i = 0; i <= StateStore.TABLES_MAX; i++) {
                          batch.put("t" + i, bytes("k"), bytes("v"));
                        }
                      }));
      assertTrue(e.getMessage().contains("too many tables"), e.getMessage());
    }
  }

  @Test
  void shouldKeepOthersOutWhenItCreatesTheDirectory() throws IOException {
    Path made = dir.resolve("made");
    StateStore.open(made).close();
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(made.resolve("data.mdb"))));
  }

  @Test
  void shouldRefuseAndNotCrashWhenTheFileIsTruncated() throws IOException {
    try (StateStore store = StateStore.open(dir)) {
      store.write(batch -> batch.put("t", bytes("k"), new byte[1 << 20]));
    }
    try (FileChannel file = FileChannel.open(dir.resolve("data.mdb"), StandardOpenOption.WRITE)) {
      file.truncate(64 << 10);
    }
    StoreException e = assertThrows(StoreException.class, () -> StateStore.open(dir));
    assertTrue(e.getMessage().contains("truncated"), e.getMessage());
  }
}
