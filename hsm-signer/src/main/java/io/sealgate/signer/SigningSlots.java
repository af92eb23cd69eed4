package io.sealgate.signer;

import io.sealgate.signer.token.TokenException;
import io.sealgate.signer.token.TokenFault;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Future;

/**
 * The keys a log is signed with. One signature makes a head valid; it comes from the first slot
 * that is well, and when that fails or is late, from the next one within the same deadline. Where
 * every slot is to sign, a head bears the signatures of all that are well, so that the loss of one
 * key strands no verifier.
 *
 * <p>Owned by the writer thread, but for {@link #supervise}, {@link #trouble} and {@link #hang}.
 */
final class SigningSlots implements AutoCloseable {
  /** A signature of one slot, and whether it is good, where that is checked. */
  record Made(SigningSlot slot, byte[] signature, long nanos, Future<Boolean> good) {}

  private static final System.Logger LOG = System.getLogger(SigningSlots.class.getName());

  private volatile List<SigningSlot> slots;
  private final boolean all;
  private final List<SigningSlot> asked = new ArrayList<>();
  private byte[] text;
  private boolean checked;

  /**
   * Slots in order of preference; each stage's deadline is its share of the batch's.
   *
   * @param all whether every slot signs every head
   */
  SigningSlots(List<SigningSlot> slots, boolean all) {
    if (slots.isEmpty()) {
      throw new IllegalArgumentException("a log needs a key");
    }
    this.slots = List.copyOf(slots);
    this.all = all;
  }

  List<SigningSlot> slots() {
    return slots;
  }

  /** A slot more, which has its key's name and is announced. */
  void join(SigningSlot slot) {
    List<SigningSlot> more = new ArrayList<>(slots);
    more.add(slot);
    more.sort(Comparator.comparingInt(SigningSlot::rank));
    slots = List.copyOf(more);
  }

  /** The slot that is to sign next: the first that is well. */
  SigningSlot preferred() {
    SigningSlot preferred = null;
    for (SigningSlot slot : slots) {
      if (slot.announced()) {
        if (slot.stage().trouble().isEmpty()) {
          return slot;
        }
        preferred = preferred == null ? slot : preferred;
      }
    }
    if (preferred == null) {
      throw new IllegalStateException("no key of the log is announced");
    }
    return preferred;
  }

  /** Asks for the signatures of a text; several slots work side by side. */
  void ask(byte[] textToSign) throws TokenException {
    ask(textToSign, false);
  }

  /** As {@link #ask}, and each slot checks its own. */
  void askChecked(byte[] textToSign) throws TokenException {
    ask(textToSign, true);
  }

  private void ask(byte[] textToSign, boolean check) throws TokenException {
    text = textToSign;
    checked = check;
    asked.clear();
    SigningSlot first = preferred();
    TokenException failure = tryAsk(first);
    for (SigningSlot slot : slots) {
      boolean wanted = all ? slot.stage().trouble().isEmpty() : asked.isEmpty();
      if (slot != first && wanted && slot.announced()) {
        TokenException next = tryAsk(slot);
        failure = next == null ? failure : next;
      }
    }
    if (asked.isEmpty()) {
      throw failure;
    }
  }

  private TokenException tryAsk(SigningSlot slot) {
    try {
      slot.stage().ask(text, checked ? slot.check() : null);
      asked.add(slot);
      return null;
    } catch (TokenException e) {
      slot.trust(false);
      return e;
    }
  }

  /**
   * The signatures asked for, at least one.
   *
   * @throws TokenException the last slot's failure, when none signed in time
   */
  List<Made> await() throws TokenException {
    List<Made> made = new ArrayList<>(asked.size());
    TokenException failure = null;
    for (SigningSlot slot : List.copyOf(asked)) {
      failure = tryAwait(slot, made, failure);
    }
    for (SigningSlot slot : slots) {
      if (!made.isEmpty()) {
        return made;
      }
      if (slot.announced() && !asked.contains(slot)) {
        LOG.log(Level.WARNING, "{0} signs instead: {1}", slot.name(), failure.getMessage());
        TokenException refused = tryAsk(slot);
        failure = refused == null ? tryAwait(slot, made, failure) : refused;
      }
    }
    if (made.isEmpty()) {
      throw failure;
    }
    return made;
  }

  private static TokenException tryAwait(
      SigningSlot slot, List<Made> made, TokenException failure) {
    try {
      SignStage.Signed signed = slot.stage().await();
      made.add(new Made(slot, signed.signature(), signed.nanos(), signed.good()));
      return failure;
    } catch (TokenException e) {
      slot.trust(false);
      return e;
    }
  }

  /** Gives up on what was asked for. */
  void forget() {
    asked.forEach(slot -> slot.stage().forget());
  }

  /** A slot whose signature does not verify: the next one is asked first until it is well again. */
  static TokenException wrong(SigningSlot slot) {
    slot.trust(false);
    TokenException wrong =
        new TokenException(
            TokenFault.DEVICE, "the signature of " + slot.name() + " does not verify with its key");
    slot.stage().distrust(wrong.getMessage());
    return wrong;
  }

  /**
   * The supervisor: asks slots that are sick or silent to prove themselves.
   *
   * @param idleNanos how long a slot may be silent
   */
  void supervise(long idleNanos) {
    for (SigningSlot slot : slots) {
      if (!slot.stage().trouble().isEmpty() || slot.stage().sinceGoodNanos() > idleNanos) {
        slot.stage().probe();
      }
    }
  }

  /** What keeps every slot from signing, or an empty text while one can. Any thread. */
  String trouble() {
    String first = "";
    for (SigningSlot slot : slots) {
      String trouble = slot.stage().trouble();
      if (trouble.isEmpty()) {
        return "";
      }
      first = first.isEmpty() ? trouble : first;
    }
    return first;
  }

  /** How long the slot that signed last has been without a good signature. Any thread. */
  long sinceGoodNanos() {
    return slots.stream().mapToLong(slot -> slot.stage().sinceGoodNanos()).min().orElseThrow();
  }

  /** The shortest of the present calls into the tokens; 0 while one slot is not in a call. */
  long hangNanos() {
    return slots.stream().mapToLong(slot -> slot.stage().callNanos()).min().orElseThrow();
  }

  @Override
  public void close() {
    for (SigningSlot slot : slots) {
      slot.stage().close();
    }
  }
}
