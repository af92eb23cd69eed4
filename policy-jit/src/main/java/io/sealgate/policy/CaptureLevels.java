package io.sealgate.policy;

import java.util.List;

/** Which documents say how much of a call is kept, and where they hold. Immutable. */
final class CaptureLevels {
  /** A document that says so, in force at a place. */
  record Stated(Place place, Capture level) {}

  private final Stated[] stated;

  CaptureLevels(List<Stated> stated) {
    this.stated = stated.toArray(Stated[]::new);
  }

  /** The least level that holds for the call; allocates nothing. */
  Capture of(Facts facts) {
    Capture least = null;
    for (final Stated one : stated) {
      if ((least == null || one.level.compareTo(least) < 0) && one.place.holds(facts)) {
        least = one.level;
      }
    }
    return least == null ? Capture.COMMITMENTS : least;
  }

  /** Whether some call may be kept. */
  boolean anyContent() {
    for (final Stated one : stated) {
      if (one.level == Capture.CONTENT) {
        return true;
      }
    }
    return false;
  }
}
