package io.sealgate.gateway.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/** Files with passwords, PINs and private keys: only their owner may read them. */
final class SecretFile {
  static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OWNER_BITS =
      PosixFilePermissions.fromString("rwx------");
  private static final int PASSWORD_BYTES_MAX = 1024;

  private SecretFile() {}

  /**
   * Refuses a file that group or others have any right to.
   *
   * @param what what the file is, as the message names it
   */
  static void requireOwnerOnly(final String what, final Path file) throws ServerTlsException {
    try {
      if (!OWNER_BITS.containsAll(Files.getPosixFilePermissions(file))) {
        throw new ServerTlsException(
            what + " " + file + " is open to others than its owner; chmod 600 " + file);
      }
    } catch (final NoSuchFileException e) {
      throw new ServerTlsException(
          what + " " + file + " does not exist; create it, mode 600, or correct its path", e);
    } catch (final ServerTlsException e) {
      throw e;
    } catch (final IOException e) {
      throw unreadable(what, file, e);
    }
  }

  /**
   * Reads an owner-only file of at most {@code bytesMax} bytes. The caller wipes the array.
   *
   * @param what what the file is, as messages name it
   */
  static byte[] bytes(final String what, final Path file, final int bytesMax)
      throws ServerTlsException {
    requireOwnerOnly(what, file);
    return anyBytes(what, file, bytesMax);
  }

  /** Reads a file that need not be secret, of at most {@code bytesMax} bytes. */
  static byte[] anyBytes(final String what, final Path file, final int bytesMax)
      throws ServerTlsException {
    try (InputStream in = Files.newInputStream(file)) {
      final byte[] bytes = in.readNBytes(bytesMax + 1);
      if (bytes.length > bytesMax) {
        Arrays.fill(bytes, (byte) 0);
        throw new ServerTlsException(
            what + " " + file + " is larger than " + bytesMax + " bytes; is it the right file?");
      }
      return bytes;
    } catch (final NoSuchFileException e) {
      throw new ServerTlsException(
          what + " " + file + " does not exist; create it or correct its path", e);
    } catch (final ServerTlsException e) {
      throw e;
    } catch (final IOException e) {
      throw unreadable(what, file, e);
    }
  }

  /**
   * Reads a password or PIN; one line end after it is not part of it. The caller wipes the array.
   *
   * @param what what the file is, as messages name it
   */
  static char[] password(final String what, final Path file) throws ServerTlsException {
    final byte[] bytes = bytes(what, file, PASSWORD_BYTES_MAX);
    CharBuffer decoded = CharBuffer.allocate(0);
    try {
      decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      int length = decoded.length();
      if (length > 0 && decoded.get(length - 1) == '\n') {
        length--;
      }
      if (length > 0 && decoded.get(length - 1) == '\r') {
        length--;
      }
      if (length == 0) {
        throw new ServerTlsException(what + " " + file + " is empty; write the secret into it");
      }
      final char[] password = new char[length];
      decoded.get(password);
      return password;
    } catch (final CharacterCodingException e) {
      throw new ServerTlsException(
          what + " " + file + " is not UTF-8 text; write the secret again", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(decoded.array(), '\0');
    }
  }

  private static ServerTlsException unreadable(
      final String what, final Path file, final IOException e) {
    return new ServerTlsException(
        what
            + " "
            + file
            + " cannot be read ("
            + ServerTlsException.reason(e)
            + "); give its ownership to the user that the gateway runs as",
        e);
  }
}
