package io.sealgate.log.verify;

import io.sealgate.log.NoteException;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which keys may sign which sizes of one shard: those of the trust file, and those that the log
 * itself added in a record that a valid key signed for, until they are retired.
 */
final class KeyWindows {
  /** Most keys one shard may have. */
  private static final int KEYS_MAX = 256;

  private final String origin;
  private final Map<Vkey, Window> windows = new LinkedHashMap<>();
  private final Map<Vkey, Window> pending = new LinkedHashMap<>();

  private static final class Window {
    private long from;
    private long last = Long.MAX_VALUE;
    private long firstAlone = Long.MAX_VALUE;
    private long lastAlone = -1;
  }

  KeyWindows(String origin, TrustPolicy trust) {
    this.origin = origin;
    trust.logKeys(origin).forEach(key -> windows.put(key, new Window()));
  }

  /** The log keys known so far, valid or not. */
  List<Vkey> keys() {
    return List.copyOf(windows.keySet());
  }

  /** As {@link #keys}, with those that the log added and no checkpoint covers yet. */
  List<Vkey> announced() {
    List<Vkey> keys = new ArrayList<>(windows.keySet());
    keys.addAll(pending.keySet());
    return keys;
  }

  /** Takes in an event of the log. */
  void event(String name, long index, Map<?, ?> event) throws VerifyFailure {
    if (!name.equals(LogEvents.KEY_ADD) && !name.equals(LogEvents.KEY_RETIRE)) {
      return;
    }
    Vkey key = key(index, event);
    if (name.equals(LogEvents.KEY_ADD)) {
      long above = size(index, event, LogEvents.VALID_FROM, 0);
      add(index, key, above == 0 ? 0 : above + 1);
    } else {
      retire(index, key, size(index, event, LogEvents.LAST_SIZE, index));
    }
  }

  private Vkey key(long index, Map<?, ?> event) throws VerifyFailure {
    try {
      Vkey key = Vkey.parse(String.valueOf(event.get(LogEvents.KEY)));
      if (TrustPolicy.speaksFor(key, origin)) {
        return key;
      }
      throw new VerifyFailure(
          VerifyExit.KEY_WINDOW, index, "record " + index + " is about a key of another log");
    } catch (NoteException e) {
      throw new VerifyFailure(
          VerifyExit.KEY_WINDOW,
          index,
          "record " + index + " is about a key that cannot be read: " + e.getMessage());
    }
  }

  private static long size(long index, Map<?, ?> event, String member, long absent)
      throws VerifyFailure {
    Object value = event.get(member);
    long size = value == null ? absent : LogEvents.size(value);
    if (size < 0) {
      throw new VerifyFailure(
          VerifyExit.KEY_WINDOW, index, "record " + index + " has no valid " + member);
    }
    return size;
  }

  private void add(long index, Vkey key, long from) throws VerifyFailure {
    Window window = windows.get(key);
    if (window != null) {
      window.from = Math.max(window.from, from);
      if (window.firstAlone < from) {
        throw tooSoonOrLate(index, key, window.firstAlone);
      }
      return;
    }
    if (windows.size() + pending.size() == KEYS_MAX) {
      throw new VerifyFailure(
          VerifyExit.KEY_WINDOW, index, "the shard adds more than " + KEYS_MAX + " keys");
    }
    window = new Window();
    window.from = Math.max(from, index + 1);
    pending.put(key, window);
  }

  private void retire(long index, Vkey key, long last) throws VerifyFailure {
    for (Map<Vkey, Window> known : List.of(windows, pending)) {
      Window window = known.get(key);
      if (window != null) {
        window.last = Math.min(window.last, last);
        if (window.lastAlone > last) {
          throw tooSoonOrLate(index, key, window.lastAlone);
        }
      }
    }
  }

  private static VerifyFailure tooSoonOrLate(long index, Vkey key, long size) {
    return new VerifyFailure(
        VerifyExit.KEY_WINDOW,
        index,
        "the checkpoint of size "
            + size
            + " is signed only by key "
            + key.name()
            + " outside the sizes that record "
            + index
            + " allows it");
  }

  /** Checks that one of the keys that signed may do so at that size, and takes added keys in. */
  void signed(long size, long firstIndex, List<Vkey> signers) throws VerifyFailure {
    List<Vkey> valid = new ArrayList<>();
    for (Vkey key : signers) {
      Window window = windows.get(key);
      if (window != null && window.from <= size && size <= window.last) {
        valid.add(key);
      }
    }
    if (valid.isEmpty()) {
      throw new VerifyFailure(
          VerifyExit.KEY_WINDOW,
          firstIndex,
          "the checkpoint of size " + size + " is signed only by keys that are not valid there");
    }
    if (valid.size() == 1) {
      Window alone = windows.get(valid.getFirst());
      alone.firstAlone = Math.min(alone.firstAlone, size);
      alone.lastAlone = Math.max(alone.lastAlone, size);
    }
    windows.putAll(pending);
    pending.clear();
  }
}
