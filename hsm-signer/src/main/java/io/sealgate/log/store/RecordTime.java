package io.sealgate.log.store;

import io.sealgate.log.Dsse;
import io.sealgate.log.JcsException;
import io.sealgate.log.JcsReader;
import io.sealgate.log.NoteException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;

/** The time a record says it was made at. Pure functions. */
public final class RecordTime {
  private RecordTime() {}

  /**
   * The record's own time.
   *
   * @param leaf the record, or its envelope (DSSE)
   * @return null if it has none that can be read
   */
  public static Instant of(byte[] leaf) {
    try {
      return JcsReader.parse(Dsse.recordOf(leaf)) instanceof Map<?, ?> members
              && members.get("time") instanceof String time
          ? Instant.parse(time)
          : null;
    } catch (JcsException | NoteException | DateTimeException _) {
      // Whatever form the bytes have, they are sealed; they just tell no time.
      return null;
    }
  }
}
