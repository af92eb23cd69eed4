package io.sealgate.log;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A COSE receipt of inclusion (RFC 9942) with RFC 9162 SHA-256 trees: what a {@link TlogProof}
 * says, under a signature of its own over the root. The payload is detached: the verifier computes
 * the root from the record. Immutable.
 *
 * @param algorithm the COSE algorithm: {@link #ES256} or {@link #EDDSA}
 * @param size the tree's records
 * @param index the record's index
 * @param path sibling hashes from the leaf's up, at least one: a tree of one record has no receipt
 * @param signature 64 bytes, for ES256 r and s; not to be changed
 */
public record CoseReceipt(
    int algorithm, long size, long index, List<byte[]> path, byte[] signature) {
  /** ECDSA on P-256 with SHA-256. */
  public static final int ES256 = -7;

  /** Ed25519. */
  public static final int EDDSA = -8;

  /** Longest receipt accepted, in bytes. */
  public static final int RECEIPT_BYTES_MAX = 4_096;

  private static final int COSE_SIGN1 = 18;
  private static final int LABEL_ALG = 1;
  private static final int LABEL_VDS = 395;
  private static final int LABEL_VDP = 396;
  private static final int RFC9162_SHA256 = 1;
  private static final int INCLUSION = -1;
  private static final int SIGNATURE_BYTES = 64;

  public CoseReceipt {
    path = List.copyOf(path);
    if ((algorithm != ES256 && algorithm != EDDSA)
        || index < 0
        || index >= size
        || path.isEmpty()
        || path.size() > TlogProof.HASHES_MAX
        || path.stream().anyMatch(hash -> hash.length != Merkle.HASH_BYTES)
        || signature.length != SIGNATURE_BYTES) {
      throw new IllegalArgumentException(
          "a receipt has an index in its tree, one to 63 hashes and a signature of 64 bytes");
    }
  }

  /** The COSE algorithm of a log's key. */
  public static int algorithm(Vkey key) {
    return switch (key.type()) {
      case ED25519 -> EDDSA;
      case ECDSA_P256 -> ES256;
      case COSIGNATURE_ED25519 ->
          throw new IllegalArgumentException("a witness's key signs no receipts");
    };
  }

  /** What is signed: COSE's Sig_structure over the root (RFC 9052 section 4.4). */
  public static byte[] toBeSigned(int algorithm, byte[] root) {
    return new Cbor.Writer()
        .head(Cbor.ARRAY, 4)
        .ascii("Signature1")
        .bytes(protectedHeader(algorithm))
        .bytes(new byte[0])
        .bytes(root)
        .toByteArray();
  }

  private static byte[] protectedHeader(int algorithm) {
    return new Cbor.Writer()
        .head(Cbor.MAP, 2)
        .integer(LABEL_ALG)
        .integer(algorithm)
        .integer(LABEL_VDS)
        .integer(RFC9162_SHA256)
        .toByteArray();
  }

  /**
   * Puts a receipt together.
   *
   * @param signature of {@code key} over {@link #toBeSigned}: 64 bytes for Ed25519, DER for ECDSA
   * @throws IllegalArgumentException if the tree has one record only, or the signature has no form
   */
  public static CoseReceipt of(
      Vkey key, long size, long index, List<byte[]> path, byte[] signature) {
    int algorithm = algorithm(key);
    return new CoseReceipt(
        algorithm, size, index, path, algorithm == ES256 ? fromDer(signature) : signature);
  }

  /** Reads a receipt strictly: one byte form for each receipt. */
  public static CoseReceipt parse(byte[] receipt) throws NoteException {
    if (receipt.length > RECEIPT_BYTES_MAX) {
      throw new NoteException("a receipt has at most " + RECEIPT_BYTES_MAX + " bytes");
    }
    Cbor.Reader in = new Cbor.Reader(receipt);
    in.expect(Cbor.TAG, COSE_SIGN1);
    in.expect(Cbor.ARRAY, 4);
    Cbor.Reader header = new Cbor.Reader(in.bytes());
    header.expect(Cbor.MAP, 2);
    header.expectInteger(LABEL_ALG);
    long algorithm = header.integer();
    header.expectInteger(LABEL_VDS);
    header.expectInteger(RFC9162_SHA256);
    header.expectEnd();
    in.expect(Cbor.MAP, 1);
    in.expectInteger(LABEL_VDP);
    in.expect(Cbor.MAP, 1);
    in.expectInteger(INCLUSION);
    in.expect(Cbor.ARRAY, 1);
    Cbor.Reader proof = new Cbor.Reader(in.bytes());
    in.expectNull();
    byte[] signature = in.bytes();
    in.expectEnd();
    proof.expect(Cbor.ARRAY, 3);
    long size = proof.head(Cbor.UNSIGNED);
    long index = proof.head(Cbor.UNSIGNED);
    long hashes = proof.head(Cbor.ARRAY);
    List<byte[]> path = new ArrayList<>();
    for (long i = 0; i < Math.min(hashes, TlogProof.HASHES_MAX + 1); i++) {
      path.add(proof.bytes());
    }
    proof.expectEnd();
    try {
      return new CoseReceipt(Math.toIntExact(algorithm), size, index, path, signature);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new NoteException("not a receipt: " + e.getMessage(), e);
    }
  }

  /** Whether the record is in a tree whose root this key signed. */
  public boolean proves(byte[] record, Vkey key) {
    if (algorithm(key) != algorithm) {
      return false;
    }
    byte[] root = Merkle.inclusionRoot(Merkle.leafHash(record), index, size, path);
    return root != null
        && key.verifies(
            toBeSigned(algorithm, root), algorithm == ES256 ? toDer(signature) : signature);
  }

  /** The receipt as CBOR. */
  public byte[] toBytes() {
    Cbor.Writer proof = new Cbor.Writer();
    proof.head(Cbor.ARRAY, 3).integer(size).integer(index).head(Cbor.ARRAY, path.size());
    path.forEach(proof::bytes);
    return new Cbor.Writer()
        .head(Cbor.TAG, COSE_SIGN1)
        .head(Cbor.ARRAY, 4)
        .bytes(protectedHeader(algorithm))
        .head(Cbor.MAP, 1)
        .integer(LABEL_VDP)
        .head(Cbor.MAP, 1)
        .integer(INCLUSION)
        .head(Cbor.ARRAY, 1)
        .bytes(proof.toByteArray())
        .nullValue()
        .bytes(signature)
        .toByteArray();
  }

  /** r and s of 32 bytes each out of an ECDSA-Sig-Value (RFC 3279). */
  private static byte[] fromDer(byte[] der) {
    ByteBuffer in = ByteBuffer.wrap(der);
    byte[] out = new byte[SIGNATURE_BYTES];
    try {
      if (in.get() != 0x30 || in.get() != in.remaining()) {
        throw new IllegalArgumentException("not a DER signature");
      }
      for (int part = 0; part < 2; part++) {
        if (in.get() != 0x02) {
          throw new IllegalArgumentException("not a DER signature");
        }
        byte[] number = new byte[in.get()];
        in.get(number);
        byte[] minimal = number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
        System.arraycopy(minimal, 0, out, (part + 1) * 32 - minimal.length, minimal.length);
      }
      return out;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("not the DER of a P-256 signature", e);
    }
  }

  private static byte[] toDer(byte[] raw) {
    byte[] r = new BigInteger(1, Arrays.copyOf(raw, 32)).toByteArray();
    byte[] s = new BigInteger(1, Arrays.copyOfRange(raw, 32, 64)).toByteArray();
    return ByteBuffer.allocate(6 + r.length + s.length)
        .put((byte) 0x30)
        .put((byte) (4 + r.length + s.length))
        .put((byte) 0x02)
        .put((byte) r.length)
        .put(r)
        .put((byte) 0x02)
        .put((byte) s.length)
        .put(s)
        .array();
  }
}
