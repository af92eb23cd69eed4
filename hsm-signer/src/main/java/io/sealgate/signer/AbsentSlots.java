package io.sealgate.signer;

import io.sealgate.signer.token.DriverKind;
import io.sealgate.signer.token.SigningToken;
import io.sealgate.signer.token.TokenConfig;
import io.sealgate.signer.token.TokenException;
import io.sealgate.signer.token.TokenFault;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Slots that were dead when the signer started, tried again until they sign. A thread of their own
 * looks after them: a module that hangs holds up nobody else. A slot is given up for good when its
 * PIN is refused or its key is not as it must be, because trying again would lock the token.
 */
final class AbsentSlots implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AbsentSlots.class.getName());
  private static final long PAUSE_NANOS_MIN = TimeUnit.SECONDS.toNanos(1);

  /** A module that several tokens share is finalized for each try, so tries become rare. */
  private static final long PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  private static final long STOP_MILLIS = 1_000;

  private final DriverKind driver;
  private final int shareMillis;
  private final List<Absent> absent = new ArrayList<>();
  private final Queue<SigningSlot> returned = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;
  private Thread thread;

  private record Absent(String name, TokenConfig token, int rank) {}

  /**
   * None yet.
   *
   * @param shareMillis what each slot has of a batch's deadline
   */
  AbsentSlots(DriverKind driver, int shareMillis) {
    this.driver = driver;
    this.shareMillis = shareMillis;
  }

  /**
   * A slot that could not be opened; before {@link #start}.
   *
   * @param rank its place in the order of preference
   */
  void add(String name, TokenConfig token, int rank) {
    absent.add(new Absent(name, token, rank));
  }

  /** Begins to try. */
  void start() {
    if (!absent.isEmpty()) {
      thread = Thread.ofPlatform().name("signer-return").daemon(true).start(this::run);
    }
  }

  private void run() {
    long pause = PAUSE_NANOS_MIN;
    while (!stopped && !absent.isEmpty()) {
      LockSupport.parkNanos(pause);
      pause = Math.min(PAUSE_NANOS_MAX, pause * 2);
      Iterator<Absent> each = absent.iterator();
      while (!stopped && each.hasNext()) {
        if (isDone(each.next())) {
          each.remove();
        }
      }
    }
  }

  /** Whether the slot came back, or never will. */
  private boolean isDone(Absent slot) {
    try {
      SigningToken token = SigningToken.openAfresh(driver.driver(slot.token()), slot.token());
      SigningSlot back =
          new SigningSlot(slot.name(), slot.rank(), token, new SignStage(token, shareMillis));
      if (stopped) {
        back.stage().close();
      } else {
        returned.add(back);
      }
      return true;
    } catch (TokenException e) {
      if (e.fault() == TokenFault.FATAL) {
        LOG.log(
            Level.ERROR,
            "{0} is not tried again before a restart: {1}",
            slot.name(),
            e.getMessage());
        return true;
      }
      LOG.log(Level.DEBUG, "{0} is still away: {1}", slot.name(), e.getMessage());
      return false;
    }
  }

  /** The writer: a slot that came back and is not yet taken, or null. */
  SigningSlot peek() {
    return returned.peek();
  }

  /** The writer: the slot that was seen last is in use now, and no longer this object's. */
  void taken() {
    returned.remove();
  }

  @Override
  public void close() {
    stopped = true;
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join(STOP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    returned.forEach(slot -> slot.stage().close());
    returned.clear();
  }
}
