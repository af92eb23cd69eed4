package io.sealgate.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PathsTest {
  @Test
  void shouldWriteTilePathsAsTheSpecificationShows() {
    assertEquals("tile/0/x001/x234/067", new TilePath(0, 1_234_067, TilePath.FULL).toString());
    assertEquals("tile/0/x001/x234/067.p/112", new TilePath(0, 1_234_067, 112).toString());
    assertEquals("tile/entries/000", new TilePath(TilePath.ENTRIES, 0, 256).toString());
    assertEquals("tile/63/999.p/1", new TilePath(63, 999, 1).toString());
    assertEquals("tile/1/x001/000", new TilePath(1, 1_000, 256).toString());
  }

  @Test
  void shouldReadBackEveryPathItWrites() {
    long[] numbers = {0, 1, 999, 1_000, 999_999, 1_000_000, 1_234_067, Long.MAX_VALUE};
    for (int level : new int[] {TilePath.ENTRIES, 0, 9, 10, 63}) {
      for (long n : numbers) {
        for (int width : new int[] {1, 99, 255, 256}) {
          TilePath path = new TilePath(level, n, width);
          assertEquals(path, TilePath.parse(path.toString()));
        }
      }
    }
  }

  @Test
  void shouldRefusePathsThatAreNotCanonical() {
    List<String> bad =
        List.of(
            "",
            "tile",
            "tile/0",
            "tile/0/",
            "tile/0/0",
            "tile/0/0000",
            "tile/00/000",
            "tile/64/000",
            "tile/-1/000",
            "tile/0/x000/001",
            "tile/0/x001",
            "tile/0/001/002",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/0/000/",
            "/tile/0/000",
            "tile/0/../000",
            "tile/Entries/000",
            "tile/0/000.p/1/2",
            "tile/0/x999/x999/x999/x999/x999/x999/999",
            "tile/0/\u0661\u0662\u0663");
    for (String path : bad) {
      assertThrows(IllegalArgumentException.class, () -> TilePath.parse(path), path);
    }
    assertThrows(IllegalArgumentException.class, () -> new TilePath(0, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> new TilePath(0, 0, 0));
  }

  @Test
  void shouldNameTheQuarterOfAMomentInUtc() {
    assertEquals(
        "gw.example.com/audit/2026q1",
        LogOrigin.of("gw.example.com", Instant.parse("2026-03-31T23:59:59Z")).name());
    LogOrigin origin = LogOrigin.of("gw.example.com", Instant.parse("2026-04-01T00:00:00Z"));
    assertEquals("2026q2", origin.shard());
    assertEquals(origin, LogOrigin.parse(origin.name()));
    assertEquals("gw.example.com", origin.base());
    assertTrue(LogOrigin.isShard("2026q4"));
    assertFalse(LogOrigin.isShard("2026q5"));
    assertFalse(LogOrigin.isShard("trust"));
    Instant now = Instant.parse("2026-04-01T00:00:00Z");
    for (String base : List.of("", "a b", "a+b", "https://a", "a\nb", "\u00e9")) {
      assertThrows(IllegalArgumentException.class, () -> LogOrigin.of(base, now), base);
    }
    assertThrows(IllegalArgumentException.class, () -> LogOrigin.parse("gw/audit/26q1"));
    assertThrows(IllegalArgumentException.class, () -> LogOrigin.of("a", Instant.MAX));
  }
}
