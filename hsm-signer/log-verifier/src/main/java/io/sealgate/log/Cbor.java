package io.sealgate.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * As much of CBOR (RFC 8949, core deterministic encoding) as COSE receipts need: integers, byte and
 * text strings, arrays, maps, tags and null, all of definite length and in shortest form.
 */
final class Cbor {
  static final int UNSIGNED = 0;
  static final int NEGATIVE = 1;
  static final int BYTES = 2;
  static final int TEXT = 3;
  static final int ARRAY = 4;
  static final int MAP = 5;
  static final int TAG = 6;
  static final int NULL = 0xF6;

  private static final int ONE_BYTE = 24;

  private Cbor() {}

  /** Writes items one after the other. */
  static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** The head of an item: a count of what follows, or a tag's or an integer's value. */
    Writer head(int major, long value) {
      if (value < ONE_BYTE) {
        out.write(major << 5 | (int) value);
        return this;
      }
      int power = 0;
      while (power < 3 && value >>> (8 << power) != 0) {
        power++;
      }
      out.write(major << 5 | ONE_BYTE + power);
      byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
      out.write(bytes, Long.BYTES - (1 << power), 1 << power);
      return this;
    }

    Writer integer(long value) {
      return value < 0 ? head(NEGATIVE, -1 - value) : head(UNSIGNED, value);
    }

    Writer bytes(byte[] bytes) {
      head(BYTES, bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    Writer ascii(String text) {
      head(TEXT, text.length());
      out.writeBytes(text.getBytes(US_ASCII));
      return this;
    }

    Writer nullValue() {
      out.write(NULL);
      return this;
    }

    byte[] toByteArray() {
      return out.toByteArray();
    }
  }

  /** Reads items that must be as they are expected. */
  static final class Reader {
    private final byte[] in;
    private int at;

    Reader(byte[] in) {
      this.in = in;
    }

    /** The value in the head of an item of a kind. */
    long head(int major) throws NoteException {
      int first = next();
      if (first >> 5 != major) {
        throw new NoteException("unexpected CBOR item at byte " + (at - 1));
      }
      int info = first & 31;
      if (info < ONE_BYTE) {
        return info;
      }
      int power = info - ONE_BYTE;
      if (power > 3) {
        throw new NoteException("CBOR of indefinite length at byte " + (at - 1));
      }
      long value = 0;
      for (int i = 0; i < 1 << power; i++) {
        value = value << 8 | next();
      }
      long least = power == 0 ? ONE_BYTE : 1L << (4 << power);
      if (value < least) {
        throw new NoteException("CBOR not in its shortest form before byte " + at);
      }
      return value;
    }

    long integer() throws NoteException {
      if (at < in.length && (in[at] & 0xFF) >> 5 == NEGATIVE) {
        return -1 - head(NEGATIVE);
      }
      return head(UNSIGNED);
    }

    byte[] bytes() throws NoteException {
      long length = head(BYTES);
      if (length > in.length - at) {
        throw new NoteException("CBOR is cut off");
      }
      at += (int) length;
      return Arrays.copyOfRange(in, at - (int) length, at);
    }

    void expect(int major, long value) throws NoteException {
      if (head(major) != value) {
        throw new NoteException("unexpected CBOR value before byte " + at);
      }
    }

    void expectInteger(long value) throws NoteException {
      if (integer() != value) {
        throw new NoteException("unexpected CBOR value before byte " + at);
      }
    }

    void expectNull() throws NoteException {
      if (next() != NULL) {
        throw new NoteException("null is expected at byte " + (at - 1));
      }
    }

    void expectEnd() throws NoteException {
      if (at != in.length) {
        throw new NoteException("more behind the CBOR item");
      }
    }

    private int next() throws NoteException {
      if (at == in.length) {
        throw new NoteException("CBOR is cut off");
      }
      return in[at++] & 0xFF;
    }
  }
}
