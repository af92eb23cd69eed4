package io.sealgate.signer.token;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;

/**
 * A PIN in memory for as long as one login takes. PINs live in files that only their owner can
 * read; they never pass through arguments, the environment or a String.
 */
public final class Pin implements AutoCloseable {
  private static final int FILE_BYTES_MAX = 1024;

  /** 128 random bits, as hexadecimal digits. */
  private static final int RANDOM_BYTES = 16;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_BITS =
      PosixFilePermissions.fromString("rwx------");

  private final char[] value;

  private Pin(char[] value) {
    this.value = value;
  }

  /**
   * Reads a PIN file; one line end after the PIN is not part of it.
   *
   * @throws TokenException {@link TokenFault#FATAL} when the file is absent, empty, or open to
   *     anyone but its owner
   */
  public static Pin read(Path file) throws TokenException {
    try {
      if (!OWNER_BITS.containsAll(Files.getPosixFilePermissions(file))) {
        throw fatal("PIN file " + file + " is open to others than its owner; chmod 600 " + file);
      }
      try (SeekableByteChannel channel = Files.newByteChannel(file)) {
        if (channel.size() > FILE_BYTES_MAX) {
          throw fatal("PIN file " + file + " is larger than " + FILE_BYTES_MAX + " bytes");
        }
        return decode(file, channel);
      }
    } catch (NoSuchFileException e) {
      throw new TokenException(
          TokenFault.FATAL,
          "PIN file " + file + " does not exist; write the PIN to it, mode 600",
          e);
    } catch (IOException e) {
      throw new TokenException(TokenFault.FATAL, "PIN file " + file + " cannot be read: " + e, e);
    }
  }

  private static Pin decode(Path file, SeekableByteChannel channel)
      throws IOException, TokenException {
    byte[] bytes = new byte[FILE_BYTES_MAX];
    char[] chars = new char[FILE_BYTES_MAX];
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      while (in.hasRemaining() && channel.read(in) >= 0) {
        // Reads until the end of the file or of the buffer.
      }
      CharBuffer out = CharBuffer.wrap(chars);
      if (StandardCharsets.UTF_8.newDecoder().decode(in.flip(), out, true).isError()) {
        throw fatal("PIN file " + file + " is not UTF-8 text");
      }
      int length = out.position();
      if (length > 0 && chars[length - 1] == '\n') {
        length--;
      }
      if (length == 0) {
        throw fatal("PIN file " + file + " is empty");
      }
      return new Pin(Arrays.copyOf(chars, length));
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(chars, '\0');
    }
  }

  /** Writes a fresh random PIN to a file that must not exist, mode 600, durably. */
  static void create(Path file) throws IOException {
    byte[] random = new byte[RANDOM_BYTES];
    byte[] digits = new byte[2 * RANDOM_BYTES];
    try {
      new SecureRandom().nextBytes(random);
      for (int i = 0; i < digits.length; i++) {
        digits[i] = (byte) Character.forDigit((random[i >> 1] >> ((i & 1) * 4)) & 0xf, 16);
      }
      try (FileChannel channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
        ByteBuffer out = ByteBuffer.wrap(digits);
        while (out.hasRemaining()) {
          channel.write(out);
        }
        channel.force(true);
      }
    } finally {
      Arrays.fill(random, (byte) 0);
      Arrays.fill(digits, (byte) 0);
    }
  }

  /** The characters themselves, valid until {@link #close}. */
  char[] chars() {
    return value;
  }

  /** Wipes the PIN. */
  @Override
  public void close() {
    Arrays.fill(value, '\0');
  }

  private static TokenException fatal(String message) {
    return new TokenException(TokenFault.FATAL, message);
  }
}
