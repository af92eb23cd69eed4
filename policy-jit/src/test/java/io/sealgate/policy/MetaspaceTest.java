package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What publishing over and over leaves behind outside the heap. */
final class MetaspaceTest {
  private static final int PUBLISHES = 5_000;
  private static final int CONDITION_TERMS = 13;

  /** A class leaked at each publish would be 10 MB and more. */
  private static final long LEFT_BYTES_MAX = 2 << 20;

  @Test
  @Tag("long")
  void shouldReturnToItsBaseWhenPoliciesAreReplaced() throws PolicyException {
    // The compiler's own classes and a first round of shapes belong to the base.
    for (int i = 0; i < 200; i++) {
      publish(i);
    }
    System.gc();
    final long base = used();
    long peak = base;
    for (int i = 200; i < 200 + PUBLISHES; i++) {
      publish(i);
      peak = Math.max(peak, used());
    }
    assertTrue(peak > base, "publishing loads classes, or this test shows nothing");
    final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (used() > base + LEFT_BYTES_MAX) {
      assertTrue(
          System.nanoTime() < deadline,
          () -> "metaspace was " + base + " bytes and is " + used() + " after the last publish");
      System.gc();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  /** Compiles a condition of a shape that no other number has. */
  private static void publish(int number) throws PolicyException {
    final StringBuilder condition = new StringBuilder("call.stream");
    for (int bit = 0; bit < CONDITION_TERMS; bit++) {
      condition.append((number >> bit & 1) == 0 ? " || call.tools > 3" : " || call.messages > 3");
    }
    final Snapshot snapshot =
        TestTypes.snapshot(
            "policy_name: p\nrules: [{type: model_access, models: [a], when: '"
                + condition
                + "'}]");
    assertEquals(1, snapshot.ruleCount());
  }

  private static long used() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Metaspace"))
        .mapToLong(pool -> pool.getUsage().getUsed())
        .findFirst()
        .orElseThrow();
  }
}
