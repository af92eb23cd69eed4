package io.sealgate.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records one after the other, each behind its length as 16 bits, big-endian (C2SP tlog-tiles,
 * entry bundles). Pure functions.
 */
public final class EntryBundle {
  /** Longest record in bytes: lengths have 16 bits. */
  public static final int RECORD_BYTES_MAX = 65_535;

  /** Bytes of the longest bundle. */
  public static final int BYTES_MAX = TilePath.FULL * (Short.BYTES + RECORD_BYTES_MAX);

  private EntryBundle() {}

  /** The first {@code width} records; fewer where the bundle is cut off. */
  public static List<byte[]> parse(byte[] bundle, int width) {
    List<byte[]> records = new ArrayList<>(width);
    int at = 0;
    while (bundle.length - at >= Short.BYTES && records.size() < width) {
      int length = (bundle[at] & 0xFF) << 8 | bundle[at + 1] & 0xFF;
      at += Short.BYTES;
      if (bundle.length - at < length) {
        break;
      }
      records.add(Arrays.copyOfRange(bundle, at, at + length));
      at += length;
    }
    return records;
  }
}
