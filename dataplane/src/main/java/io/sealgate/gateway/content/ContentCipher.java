package io.sealgate.gateway.content;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM (NIST SP 800-38D), a random 96-bit nonce in front, a 128-bit tag behind. */
final class ContentCipher {
  static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  /** What encryption adds. */
  static final int OVERHEAD_BYTES = NONCE_BYTES + TAG_BITS / Byte.SIZE;

  private static final SecureRandom RANDOM = new SecureRandom();

  private ContentCipher() {}

  static byte[] random(final int bytes) {
    final byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }

  /**
   * Encrypts parts one after the other as one text.
   *
   * @param context what the text is; opening asks for the same
   */
  static byte[] seal(final byte[] key, final String context, final byte[]... parts) {
    int bytes = OVERHEAD_BYTES;
    for (final byte[] part : parts) {
      bytes += part.length;
    }
    final byte[] sealed = new byte[bytes];
    final byte[] nonce = random(NONCE_BYTES);
    System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
    try {
      final Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, context);
      int at = NONCE_BYTES;
      for (final byte[] part : parts) {
        at += cipher.update(part, 0, part.length, sealed, at);
      }
      cipher.doFinal(sealed, at);
      return sealed;
    } catch (final GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /**
   * Decrypts what {@link #seal} returned.
   *
   * @throws IOException where the bytes are not what this key sealed in this context
   */
  static byte[] open(
      final byte[] key, final String context, final byte[] from, final int start, final int end)
      throws IOException {
    if (end - start < OVERHEAD_BYTES) {
      throw new IOException("is cut short");
    }
    final byte[] nonce = new byte[NONCE_BYTES];
    System.arraycopy(from, start, nonce, 0, NONCE_BYTES);
    try {
      return cipher(Cipher.DECRYPT_MODE, key, nonce, context)
          .doFinal(from, start + NONCE_BYTES, end - start - NONCE_BYTES);
    } catch (final AEADBadTagException e) {
      throw new IOException("is damaged, or was encrypted by another key", e);
    } catch (final GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  private static Cipher cipher(
      final int mode, final byte[] key, final byte[] nonce, final String context)
      throws GeneralSecurityException {
    final Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
