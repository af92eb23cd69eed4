package io.sealgate.signer;

import io.sealgate.log.Dsse;
import io.sealgate.signer.token.TokenException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Record mode: every record bears a signature of its own, as a DSSE envelope (DSSE v1.0, {@code
 * payloadType} {@link Dsse#RECORD_TYPE}, {@code keyid} the verifier key's name and id) that is the
 * leaf. A token signs one record after the other, so records are admitted at the rate that the
 * token was measured to sign at; what comes faster is refused at once instead of late. Owned by the
 * writer thread.
 */
final class RecordSeal {
  /** Base64 makes four characters of three bytes; with the frame, a leaf of this still fits. */
  static final int RECORD_BYTES_MAX = 48_000;

  private static final int MEASURED_SIGNATURES = 32;

  /** Room for heads, which the same token signs. */
  private static final double SHARE_FOR_RECORDS = 0.8;

  /** What may come at once after a pause, in seconds of the token's rate. */
  private static final double BURST_SECONDS = 0.25;

  private final SigningSlots slots;
  private final double perNano;
  private final double burst;
  private double allowed;
  private long allowedAtNanos = System.nanoTime();

  private RecordSeal(SigningSlots slots, double perSecond) {
    this.slots = slots;
    this.perNano = perSecond / TimeUnit.SECONDS.toNanos(1);
    this.burst = Math.max(1, perSecond * BURST_SECONDS);
    this.allowed = burst;
  }

  /** Measures the token and admits what it can sign. */
  static RecordSeal measured(SigningSlots slots) throws TokenException {
    long start = System.nanoTime();
    for (int i = 0; i < MEASURED_SIGNATURES; i++) {
      slots.ask(Dsse.pae("application/vnd.sealgate.rate-probe", new byte[] {(byte) i}));
      slots.await();
    }
    double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    return new RecordSeal(slots, MEASURED_SIGNATURES / seconds * SHARE_FOR_RECORDS);
  }

  /** Whether one more record can be signed in time. */
  boolean admit() {
    long now = System.nanoTime();
    allowed = Math.min(burst, allowed + (now - allowedAtNanos) * perNano);
    allowedAtNanos = now;
    if (allowed < 1) {
      return false;
    }
    allowed--;
    return true;
  }

  /**
   * The leaf of a record.
   *
   * @throws TokenException no slot signed, or none rightly
   */
  byte[] envelope(byte[] record, int offset, int length) throws TokenException {
    byte[] payload = Arrays.copyOfRange(record, offset, offset + length);
    byte[] text = Dsse.pae(Dsse.RECORD_TYPE, payload);
    slots.ask(text);
    List<SigningSlots.Made> made = slots.await();
    TokenException wrong = null;
    for (int i = made.size() - 1; i >= 0; i--) {
      if (!made.get(i).slot().key().verifies(text, made.get(i).signature())) {
        wrong = SigningSlots.wrong(made.get(i).slot());
        made.remove(i);
      }
    }
    if (made.isEmpty()) {
      throw wrong;
    }
    List<Dsse.Signature> signatures = new ArrayList<>(made.size());
    for (SigningSlots.Made one : made) {
      String vkey = one.slot().key().toString();
      String keyId = vkey.substring(0, vkey.lastIndexOf('+'));
      signatures.add(new Dsse.Signature(keyId, one.signature()));
    }
    return new Dsse(Dsse.RECORD_TYPE, payload, signatures).toBytes();
  }
}
