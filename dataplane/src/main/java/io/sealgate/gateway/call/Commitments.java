package io.sealgate.gateway.call;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Commits to content without showing it: HMAC-SHA256 (RFC 2104) over the request id and the
 * content, under a secret of this appliance or, where the content is kept, under a salt of its own
 * that is kept and erased with it. Whoever holds the secret can prove what a record is about;
 * without it, even a short text cannot be guessed from the record.
 */
public final class Commitments {
  /** Bytes of the secret. */
  public static final int KEY_BYTES = 32;

  private static final int BLOCK_BYTES = 64;
  private final MessageDigest innerStart;
  private final MessageDigest outerStart;

  /**
   * @param key the secret, {@link #KEY_BYTES} bytes; copied
   */
  public Commitments(final byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("the commitment key must have " + KEY_BYTES + " bytes");
    }
    innerStart = padded(key, (byte) 0x36);
    outerStart = padded(key, (byte) 0x5c);
  }

  private static MessageDigest padded(final byte[] key, final byte pad) {
    final byte[] block = new byte[BLOCK_BYTES];
    for (int i = 0; i < BLOCK_BYTES; i++) {
      block[i] = (byte) ((i < key.length ? key[i] : 0) ^ pad);
    }
    try {
      final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(block);
      return sha256;
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A digest to be fed with the content and then given to {@link #finish}. */
  MessageDigest begin(final String requestId) {
    final MessageDigest inner = copy(innerStart);
    inner.update(requestId.getBytes(StandardCharsets.US_ASCII));
    return inner;
  }

  byte[] finish(final MessageDigest inner) {
    final MessageDigest outer = copy(outerStart);
    return outer.digest(inner.digest());
  }

  /** The commitment to one piece of content. */
  public byte[] commit(final String requestId, final byte[] bytes, final int from, final int to) {
    final MessageDigest inner = begin(requestId);
    inner.update(bytes, from, to - from);
    return finish(inner);
  }

  private static MessageDigest copy(final MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (final CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's SHA-256 can be cloned", e);
    }
  }
}
