package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A record with signatures of its own, as a Dead Simple Signing Envelope (DSSE 1.0). The envelope
 * is one canonical JSON document. Immutable.
 *
 * @param payloadType what the payload is, {@link #RECORD_TYPE} for a record
 * @param payload the signed bytes; not to be changed
 */
public record Dsse(String payloadType, byte[] payload, List<Signature> signatures) {
  /** The payload type of a record. */
  public static final String RECORD_TYPE = "application/vnd.sealgate.record+json";

  /** Most signatures accepted. */
  public static final int SIGNATURES_MAX = 16;

  /** Longest envelope accepted, in bytes. */
  public static final int ENVELOPE_BYTES_MAX = 1 << 18;

  public Dsse {
    signatures = List.copyOf(signatures);
    if (signatures.isEmpty() || signatures.size() > SIGNATURES_MAX) {
      throw new IllegalArgumentException("an envelope has 1 to " + SIGNATURES_MAX + " signatures");
    }
  }

  /**
   * One signature over {@link #pae}.
   *
   * @param keyId the verifier key's name, a hint only
   * @param bytes 64 bytes for Ed25519, DER for ECDSA; not to be changed
   */
  public record Signature(String keyId, byte[] bytes) {}

  /** What is signed: DSSE's pre-authentication encoding of type and payload. */
  public static byte[] pae(String payloadType, byte[] payload) {
    byte[] type = payloadType.getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(("DSSEv1 " + type.length + " ").getBytes(UTF_8));
    out.writeBytes(type);
    out.writeBytes((" " + payload.length + " ").getBytes(UTF_8));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /**
   * Reads an envelope in canonical JSON.
   *
   * @throws NoteException if it is none
   */
  public static Dsse parse(byte[] envelope) throws NoteException {
    if (envelope.length > ENVELOPE_BYTES_MAX) {
      throw new NoteException("an envelope has at most " + ENVELOPE_BYTES_MAX + " bytes");
    }
    try {
      if (JcsReader.parse(envelope) instanceof Map<?, ?> members
          && members.size() == 3
          && members.get("payload") instanceof String payload
          && members.get("payloadType") instanceof String type
          && members.get("signatures") instanceof List<?> list
          && !list.isEmpty()
          && list.size() <= SIGNATURES_MAX) {
        List<Signature> signatures = new ArrayList<>();
        for (Object each : list) {
          signatures.add(signature(each));
        }
        return new Dsse(type, NoteText.base64(payload), signatures);
      }
    } catch (JcsException e) {
      throw new NoteException("the envelope is not canonical JSON: " + e.getMessage(), e);
    }
    throw new NoteException("not a DSSE envelope with 1 to " + SIGNATURES_MAX + " signatures");
  }

  /**
   * Whether a parsed leaf is the envelope of a record, which a log in record mode has as leaves.
   */
  public static boolean isRecordEnvelope(Object document) {
    return document instanceof Map<?, ?> members && RECORD_TYPE.equals(members.get("payloadType"));
  }

  /**
   * The record in a leaf: the payload of an envelope, or the leaf itself.
   *
   * @throws JcsException if the leaf is not canonical JSON
   * @throws NoteException if it is an envelope out of form
   */
  public static byte[] recordOf(byte[] leaf) throws JcsException, NoteException {
    return isRecordEnvelope(JcsReader.parse(leaf)) ? parse(leaf).payload() : leaf;
  }

  private static Signature signature(Object each) throws NoteException {
    if (each instanceof Map<?, ?> signature
        && signature.size() == 2
        && signature.get("keyid") instanceof String keyId
        && signature.get("sig") instanceof String bytes) {
      return new Signature(keyId, NoteText.base64(bytes));
    }
    throw new NoteException("a DSSE signature has a keyid and a sig");
  }

  /** Whether one of the signatures is this key's. */
  public boolean isSignedBy(Vkey key) {
    return isSignedBy(key, SignatureChecker.JDK);
  }

  /** As {@link #isSignedBy(Vkey)}, with the signatures checked by other means. */
  public boolean isSignedBy(Vkey key, SignatureChecker checker) {
    byte[] message = pae(payloadType, payload);
    return signatures.stream().anyMatch(signature -> checker.good(key, message, signature.bytes()));
  }

  /** The envelope as canonical JSON. */
  public byte[] toBytes() {
    Base64.Encoder base64 = Base64.getEncoder();
    JcsWriter out = new JcsWriter().reset().beginObject();
    out.name("payload").value(base64.encodeToString(payload));
    out.name("payloadType").value(payloadType);
    out.name("signatures").beginArray();
    for (Signature signature : signatures) {
      out.beginObject().name("keyid").value(signature.keyId());
      out.name("sig").value(base64.encodeToString(signature.bytes())).endObject();
    }
    return out.endArray().endObject().toByteArray();
  }
}
