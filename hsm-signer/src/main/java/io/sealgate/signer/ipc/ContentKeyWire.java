package io.sealgate.signer.ipc;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * How a gateway asks its signer for the keys of its content store: one question and one answer a
 * connection, over a Unix socket in the data folder. Not over the seal path: its messages stay in
 * shared memory long after they were read, and these hold keys.
 *
 * <pre>
 * question   u8 version | u8 operation | u16-counted name of the day in UTF-8 | u16-counted wrapped key
 * answer     u8 version | u8 0 | u16-counted trouble in UTF-8
 *            u8 version | u8 1 | u16-counted wrapped key | u16-counted key
 * </pre>
 *
 * <p>Numbers are big-endian.
 */
public final class ContentKeyWire {
  /** Makes a random key; the answer has it wrapped and plain. */
  public static final int MAKE = 1;

  /** Unwraps a key. */
  public static final int OPEN = 2;

  /** Wraps and unwraps something, to say whether the token can; the answer's keys are empty. */
  public static final int PROVE = 3;

  /** Bytes of a content key. */
  public static final int KEY_BYTES = 32;

  private static final int VERSION = 1;
  private static final int FIELD_BYTES_MAX = 1_024;

  private ContentKeyWire() {}

  /** Where the signer listens: beside what else is only there while it runs. */
  public static Path socket(Path dataDir) {
    return dataDir.resolve("run").resolve("content-keys.sock");
  }

  /** What a gateway asks. */
  public record Question(int operation, String day, byte[] wrapped) {}

  /**
   * What it hears.
   *
   * @param trouble why there is no key; null where there is
   */
  public record Answer(String trouble, byte[] wrapped, byte[] key) {}

  /** Writes a question. */
  public static void write(DataOutputStream out, Question question) throws IOException {
    out.writeByte(VERSION);
    out.writeByte(question.operation());
    writeField(out, question.day().getBytes(StandardCharsets.UTF_8));
    writeField(out, question.wrapped());
    out.flush();
  }

  /** Reads a question. */
  public static Question readQuestion(DataInputStream in) throws IOException {
    requireVersion(in);
    return new Question(
        in.readUnsignedByte(), new String(readField(in), StandardCharsets.UTF_8), readField(in));
  }

  /** Writes an answer. */
  public static void write(DataOutputStream out, Answer answer) throws IOException {
    out.writeByte(VERSION);
    out.writeByte(answer.trouble() == null ? 1 : 0);
    if (answer.trouble() == null) {
      writeField(out, answer.wrapped());
      writeField(out, answer.key());
    } else {
      byte[] text = answer.trouble().getBytes(StandardCharsets.UTF_8);
      out.writeShort(Math.min(text.length, FIELD_BYTES_MAX));
      out.write(text, 0, Math.min(text.length, FIELD_BYTES_MAX));
    }
    out.flush();
  }

  /** Reads an answer. */
  public static Answer readAnswer(DataInputStream in) throws IOException {
    requireVersion(in);
    if (in.readUnsignedByte() == 0) {
      return new Answer(new String(readField(in), StandardCharsets.UTF_8), null, null);
    }
    return new Answer(null, readField(in), readField(in));
  }

  private static void requireVersion(DataInputStream in) throws IOException {
    if (in.readUnsignedByte() != VERSION) {
      throw new IOException("another version; install gateway and signer together");
    }
  }

  private static void writeField(DataOutputStream out, byte[] field) throws IOException {
    if (field.length > FIELD_BYTES_MAX) {
      throw new IOException("a field of " + field.length + " bytes");
    }
    out.writeShort(field.length);
    out.write(field);
  }

  private static byte[] readField(DataInputStream in) throws IOException {
    int length = in.readUnsignedShort();
    if (length > FIELD_BYTES_MAX) {
      throw new IOException("a field of " + length + " bytes");
    }
    byte[] field = new byte[length];
    in.readFully(field);
    return field;
  }
}
