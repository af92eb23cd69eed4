package io.sealgate.gateway.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The watch that other tests rely on must itself be able to see a leak. */
final class LeakWatchTest {
  @Test
  void shouldReportWhenABufferIsCollectedUnreleased() {
    try (LeakWatch watch = new LeakWatch()) {
      leak();
      Until.holds("the leak is reported", () -> !watch.leaks().isEmpty());
    }
  }

  @Test
  void shouldReportNothingWhenEveryBufferIsReleased() {
    try (LeakWatch watch = new LeakWatch()) {
      PooledByteBufAllocator.DEFAULT.heapBuffer(64).release();
      assertEquals(List.of(), watch.leaks());
    }
  }

  private static void leak() {
    assertNotNull(PooledByteBufAllocator.DEFAULT.directBuffer(64));
  }
}
