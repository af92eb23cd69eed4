package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** The keys someone trusts. Immutable; safe for any thread. */
public final class NoteVerifier {
  /** Most keys in one trust file. */
  public static final int KEYS_MAX = 1_024;

  private final List<Vkey> keys;

  private NoteVerifier(List<Vkey> keys) {
    this.keys = keys;
  }

  /** Trusts these keys. */
  public static NoteVerifier of(List<Vkey> keys) {
    if (keys.isEmpty() || keys.size() > KEYS_MAX) {
      throw new IllegalArgumentException("1 to " + KEYS_MAX + " keys, not " + keys.size());
    }
    return new NoteVerifier(List.copyOf(keys));
  }

  /** Trusts one key. */
  public static NoteVerifier of(Vkey key) {
    return of(List.of(key));
  }

  /**
   * Trusts the logs of a trust file, as {@link TrustPolicy} reads it.
   *
   * @throws NoteException if it is none, or names no log
   */
  public static NoteVerifier parse(String trust) throws NoteException {
    List<Vkey> keys =
        TrustPolicy.parse(trust.getBytes(UTF_8)).logs().stream().map(TrustPolicy.Log::key).toList();
    if (keys.isEmpty()) {
      throw new NoteException("a trust file names 1 to " + KEYS_MAX + " keys");
    }
    return new NoteVerifier(keys);
  }

  /** The trusted keys. */
  public List<Vkey> keys() {
    return keys;
  }

  /**
   * Checks a note. Signatures of unknown keys are ignored; every signature of a known key must be
   * good, and there must be one.
   *
   * @return the keys that signed, without repetition
   * @throws NoteException if the note is not to be trusted
   */
  public List<Vkey> verify(SignedNote note) throws NoteException {
    return verify(note, SignatureChecker.JDK);
  }

  /** As {@link #verify(SignedNote)}, with the signatures checked by other means. */
  public List<Vkey> verify(SignedNote note, SignatureChecker signatures) throws NoteException {
    byte[] text = note.text();
    List<Vkey> good = new ArrayList<>();
    for (SignedNote.SignatureLine line : note.signatures()) {
      for (Vkey key : keys) {
        if (key.keyId() == line.keyId() && key.name().equals(line.name())) {
          if (!signatures.good(key, text, line.signature())) {
            throw new NoteException("the signature of key " + key.name() + " is not valid");
          }
          if (!good.contains(key)) {
            good.add(key);
          }
        }
      }
    }
    if (good.isEmpty()) {
      throw new NoteException("no trusted key signed the note");
    }
    return good;
  }

  /** Reads a note, checks its signatures and reads its text as a checkpoint. */
  public Checkpoint checkpoint(byte[] note) throws NoteException {
    SignedNote parsed = SignedNote.parse(note);
    verify(parsed);
    return Checkpoint.parse(parsed.text());
  }
}
