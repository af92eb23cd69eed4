package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A signed note (C2SP signed-note): text, an empty line, signature lines. Parsing checks the form
 * only; see {@link NoteVerifier} for the signatures. Immutable.
 */
public final class SignedNote {
  /** Longest note accepted, in bytes. */
  public static final int NOTE_BYTES_MAX = 1 << 20;

  /** Most signature lines accepted; the specification asks for at least 16. */
  public static final int SIGNATURES_MAX = 100;

  private static final String SIGNATURE_PREFIX = "\u2014 ";
  private static final int KEY_ID_BYTES = 4;

  private final byte[] text;
  private final List<SignatureLine> signatures;

  /**
   * One signature line.
   *
   * @param name the key name
   * @param keyId the key id, big-endian
   * @param signature the bytes after the key id; not to be changed
   */
  public record SignatureLine(String name, int keyId, byte[] signature) {
    /** Whether it claims to be of this key. */
    public boolean isOf(String keyName, int id) {
      return keyId == id && name.equals(keyName);
    }

    /** The line alone, with its newline. */
    public byte[] toBytes() {
      byte[] bytes =
          ByteBuffer.allocate(KEY_ID_BYTES + signature.length).putInt(keyId).put(signature).array();
      String encoded = Base64.getEncoder().encodeToString(bytes);
      return (SIGNATURE_PREFIX + name + ' ' + encoded + '\n').getBytes(UTF_8);
    }

    /** The line of a signature by a known key. */
    public static SignatureLine by(Vkey key, byte[] signature) {
      return new SignatureLine(key.name(), key.keyId(), signature);
    }
  }

  private SignedNote(byte[] text, List<SignatureLine> signatures) {
    this.text = text;
    this.signatures = List.copyOf(signatures);
  }

  /**
   * Puts a note together.
   *
   * @param text UTF-8 that ends with a newline; checked
   * @param signatures at least one
   */
  public static SignedNote of(byte[] text, List<SignatureLine> signatures) throws NoteException {
    checkText(text);
    if (signatures.isEmpty() || signatures.size() > SIGNATURES_MAX) {
      throw new NoteException("a note has 1 to " + SIGNATURES_MAX + " signatures");
    }
    for (SignatureLine line : signatures) {
      if (!NoteText.isKeyName(line.name()) || line.signature().length == 0) {
        throw new NoteException("a signature line needs a key name and a signature");
      }
    }
    return new SignedNote(text.clone(), signatures);
  }

  /** Reads a note strictly: one byte form for each note. */
  public static SignedNote parse(byte[] note) throws NoteException {
    if (note.length > NOTE_BYTES_MAX) {
      throw new NoteException("a note has at most " + NOTE_BYTES_MAX + " bytes");
    }
    String all = NoteText.utf8(note);
    checkControls(all);
    // The text ends at the last empty line; signature lines cannot hold one.
    int split = all.lastIndexOf("\n\n");
    if (split < 0) {
      throw new NoteException("no empty line between text and signatures");
    }
    String tail = all.substring(split + 2);
    List<SignatureLine> signatures = signatureLines(tail);
    return new SignedNote(all.substring(0, split + 1).getBytes(UTF_8), signatures);
  }

  /** Reads signature lines without a text, as a witness answers with them. */
  public static List<SignatureLine> parseSignatures(byte[] lines) throws NoteException {
    if (lines.length > NOTE_BYTES_MAX) {
      throw new NoteException("signature lines have at most " + NOTE_BYTES_MAX + " bytes");
    }
    String text = NoteText.utf8(lines);
    checkControls(text);
    return signatureLines(text);
  }

  private static List<SignatureLine> signatureLines(String text) throws NoteException {
    if (!text.endsWith("\n")) {
      throw new NoteException("the last signature line is cut off");
    }
    String[] lines = text.substring(0, text.length() - 1).split("\n", -1);
    if (lines.length > SIGNATURES_MAX) {
      throw new NoteException("more than " + SIGNATURES_MAX + " signatures");
    }
    List<SignatureLine> signatures = new ArrayList<>(lines.length);
    for (String line : lines) {
      signatures.add(signatureLine(line));
    }
    return signatures;
  }

  private static SignatureLine signatureLine(String line) throws NoteException {
    int space = line.indexOf(' ', SIGNATURE_PREFIX.length());
    if (!line.startsWith(SIGNATURE_PREFIX) || space < 0) {
      throw new NoteException("a signature line is an em dash, the key name and base64");
    }
    String name = line.substring(SIGNATURE_PREFIX.length(), space);
    byte[] bytes = NoteText.base64(line.substring(space + 1));
    if (!NoteText.isKeyName(name) || bytes.length <= KEY_ID_BYTES) {
      throw new NoteException("a signature line needs a key name and a signature");
    }
    return new SignatureLine(
        name,
        ByteBuffer.wrap(bytes).getInt(),
        Arrays.copyOfRange(bytes, KEY_ID_BYTES, bytes.length));
  }

  private static void checkText(byte[] text) throws NoteException {
    String decoded = NoteText.utf8(text);
    checkControls(decoded);
    if (!decoded.endsWith("\n")) {
      throw new NoteException("the text does not end with a newline");
    }
  }

  private static void checkControls(String text) throws NoteException {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 0x20 && text.charAt(i) != '\n') {
        throw new NoteException("control characters other than newline are not allowed");
      }
    }
  }

  /** The signed bytes, the final newline included. The array is the caller's. */
  public byte[] text() {
    return text.clone();
  }

  /**
   * The note with more signatures behind its own; those it has already are left out.
   *
   * @throws NoteException if there would be more than {@link #SIGNATURES_MAX}
   */
  public SignedNote with(List<SignatureLine> more) throws NoteException {
    List<SignatureLine> all = new ArrayList<>(signatures);
    for (SignatureLine line : more) {
      if (all.stream().noneMatch(known -> known.isOf(line.name(), line.keyId()))) {
        all.add(line);
      }
    }
    return of(text, all);
  }

  /** The signature lines in order. */
  public List<SignatureLine> signatures() {
    return signatures;
  }

  /** The whole note, byte-exact. */
  public byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(text);
    out.write('\n');
    signatures.forEach(line -> out.writeBytes(line.toBytes()));
    return out.toByteArray();
  }
}
