package io.sealgate.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path of a tile below a log's prefix (C2SP tlog-tiles): {@code tile/<L>/<N>[.p/<W>]} for
 * hashes, {@code tile/entries/<N>[.p/<W>]} for records. Pure functions.
 *
 * @param level 0 to 63, or {@link #ENTRIES} for a bundle of records
 * @param n the tile's number in its level
 * @param width hashes or records in it: {@link #FULL}, or 1 to 255 for a partial tile
 */
public record TilePath(int level, long n, int width) {
  /** Hashes in a full tile. */
  public static final int FULL = 256;

  /** Tree levels that one tile spans: 2^8 is {@link #FULL}. */
  public static final int HEIGHT = 8;

  /** Stands for a level where the path names a bundle of records. */
  public static final int ENTRIES = -1;

  /** Highest tile level in the specification. */
  public static final int LEVEL_MAX = 63;

  private static final int GROUP = 1_000;
  private static final Pattern PATH =
      Pattern.compile(
          "tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

  public TilePath {
    if (level < ENTRIES || level > LEVEL_MAX || n < 0 || width < 1 || width > FULL) {
      throw new IllegalArgumentException("no tile " + level + "/" + n + " of width " + width);
    }
  }

  /**
   * Reads a path strictly: only the form that {@link #toString} gives.
   *
   * @throws IllegalArgumentException if it names no tile
   */
  public static TilePath parse(String path) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a tile path");
    }
    String level = matcher.group(1);
    String width = matcher.group(3);
    TilePath tile =
        new TilePath(
            level.equals("entries") ? ENTRIES : Integer.parseInt(level),
            Long.parseLong(matcher.group(2).replace("x", "").replace("/", "")),
            width == null ? FULL : Integer.parseInt(width));
    if (!tile.toString().equals(path)) {
      throw new IllegalArgumentException("not a tile path in its canonical form");
    }
    return tile;
  }

  /** Whether it holds fewer than 256 hashes or records. */
  public boolean partial() {
    return width < FULL;
  }

  /** The path, without a leading slash. */
  @Override
  public String toString() {
    StringBuilder path = new StringBuilder("tile/");
    path.append(level == ENTRIES ? "entries" : Integer.toString(level)).append('/');
    appendNumber(path, n);
    if (partial()) {
      path.append(".p/").append(width);
    }
    return path.toString();
  }

  private static void appendNumber(StringBuilder path, long number) {
    int lastGroup = path.length();
    path.append(threeDigits(number % GROUP));
    for (long rest = number / GROUP; rest > 0; rest /= GROUP) {
      path.insert(lastGroup, "x" + threeDigits(rest % GROUP) + "/");
    }
  }

  private static String threeDigits(long group) {
    return Long.toString(GROUP + group).substring(1);
  }
}
