package io.sealgate.classify.check;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Addresses of Bitcoin (Base58Check; Bech32 of BIP 173 and Bech32m of BIP 350) and Ethereum
 * (EIP-55). Not thread-safe; allocates nothing.
 */
public final class CryptoAddresses {
  /** Shorter ones are none. */
  public static final int BYTES_MIN = 26;

  /** BIP 173. */
  public static final int BYTES_MAX = 90;

  /** What is known of a candidate. */
  public enum Verdict {
    /** None. */
    NONE,
    /** The form of an address which carries no checksum. */
    FORM,
    /** Its checksum agrees. */
    CHECKED
  }

  private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final String BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int[] GENERATOR = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };
  private static final int BECH32_CONSTANT = 1;
  private static final int BECH32M_CONSTANT = 0x2bc830a3;
  private static final int HRP_BYTES = 2;
  private static final int BASE58_BYTES_MAX = 35;
  private static final int BASE58_DECODED_BYTES = 25;
  private static final int ETHEREUM_BYTES = 42;

  private final byte[] decoded = new byte[BASE58_DECODED_BYTES];
  private final byte[] hash = new byte[32];
  private final byte[] lower = new byte[ETHEREUM_BYTES - 2];
  private final MessageDigest sha = sha256();
  private final Keccak256 keccak = new Keccak256();

  /** Judges the {@code n} letters and digits at {@code start}. */
  public Verdict judge(final byte[] text, final int start, final int n) {
    if (n < BYTES_MIN || n > BYTES_MAX) {
      return Verdict.NONE;
    }
    return switch (text[start]) {
      case '1', '3' -> base58(text, start, n) ? Verdict.CHECKED : Verdict.NONE;
      case 'b', 'B', 't', 'T' -> bech32(text, start, n) ? Verdict.CHECKED : Verdict.NONE;
      case '0' -> ethereum(text, start, n);
      default -> Verdict.NONE;
    };
  }

  private boolean base58(final byte[] text, final int start, final int n) {
    if (n > BASE58_BYTES_MAX) {
      return false;
    }
    Arrays.fill(decoded, (byte) 0);
    for (int i = start; i < start + n; i++) {
      int carry = BASE58.indexOf(text[i]);
      if (carry < 0) {
        return false;
      }
      for (int k = decoded.length - 1; k >= 0; k--) {
        carry += (decoded[k] & 0xFF) * 58;
        decoded[k] = (byte) carry;
        carry >>>= 8;
      }
      if (carry != 0) {
        return false;
      }
    }
    final int version = decoded[0];
    if (version != (text[start] == '1' ? 0 : 5)) {
      return false;
    }
    try {
      sha.update(decoded, 0, BASE58_DECODED_BYTES - 4);
      sha.digest(hash, 0, hash.length);
      sha.update(hash, 0, hash.length);
      sha.digest(hash, 0, hash.length);
    } catch (final DigestException e) {
      throw new IllegalStateException("SHA-256 has 32 bytes", e);
    }
    return Arrays.equals(hash, 0, 4, decoded, BASE58_DECODED_BYTES - 4, BASE58_DECODED_BYTES);
  }

  /** The version of the witness program decides which of the two constants has to come out. */
  private static boolean bech32(final byte[] text, final int start, final int n) {
    final boolean lowerCase = (text[start] & 0x20) != 0;
    final int first = text[start] | 0x20;
    final int second = text[start + 1] | 0x20;
    if (!(first == 'b' && second == 'c' || first == 't' && second == 'b')
        || text[start + HRP_BYTES] != '1') {
      return false;
    }
    int checksum = 1;
    checksum = polymod(checksum, first >> 5);
    checksum = polymod(checksum, second >> 5);
    checksum = polymod(checksum, 0);
    checksum = polymod(checksum, first & 31);
    checksum = polymod(checksum, second & 31);
    int version = -1;
    for (int i = start + HRP_BYTES + 1; i < start + n; i++) {
      final int c = text[i];
      if (c > '9' && (c & 0x20) != 0 != lowerCase) {
        return false;
      }
      final int value = BECH32.indexOf(c > '9' ? c | 0x20 : c);
      if (value < 0) {
        return false;
      }
      version = version < 0 ? value : version;
      checksum = polymod(checksum, value);
    }
    return version <= 16 && checksum == (version == 0 ? BECH32_CONSTANT : BECH32M_CONSTANT);
  }

  private static int polymod(final int before, final int value) {
    final int top = before >>> 25;
    int checksum = (before & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < GENERATOR.length; i++) {
      checksum ^= (top >> i & 1) != 0 ? GENERATOR[i] : 0;
    }
    return checksum;
  }

  /** Of one case throughout there is no checksum; a mixed one must be the case of EIP-55. */
  private Verdict ethereum(final byte[] text, final int start, final int n) {
    if (n != ETHEREUM_BYTES || text[start + 1] != 'x') {
      return Verdict.NONE;
    }
    int capitals = 0;
    int smalls = 0;
    for (int i = 0; i < lower.length; i++) {
      final int c = text[start + 2 + i];
      if ((c | 0x20) > 'f') {
        return Verdict.NONE;
      }
      capitals += c >= 'A' && c <= 'F' ? 1 : 0;
      smalls += c >= 'a' ? 1 : 0;
      lower[i] = (byte) (c > '9' ? c | 0x20 : c);
    }
    if (capitals == 0 || smalls == 0) {
      return capitals + smalls == 0 ? Verdict.NONE : Verdict.FORM;
    }
    final long[] keyed = keccak.hash(lower, lower.length);
    for (int i = 0; i < lower.length; i++) {
      final int shift = i / 2 % 8 * 8 + ((i & 1) == 0 ? 4 : 0);
      final boolean capital = (keyed[i / 16] >>> shift & 8) != 0;
      final int c = text[start + 2 + i];
      if (c > '9' && c < 'a' != capital) {
        return Verdict.NONE;
      }
    }
    return Verdict.CHECKED;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
