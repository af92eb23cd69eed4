package io.sealgate.signer.token;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Which key in which token.
 *
 * @param module the PKCS#11 module (a shared library)
 * @param tokenLabel the token's label; slot numbers are not stable, labels are
 * @param keyLabel CKA_LABEL of the key pair
 * @param keyType the type the key must have
 * @param pinFile the file with the user PIN, readable by its owner alone
 */
public record TokenConfig(
    Path module, String tokenLabel, String keyLabel, KeyType keyType, Path pinFile) {

  /** CK_TOKEN_INFO.label is a fixed field. */
  private static final int TOKEN_LABEL_BYTES_MAX = 32;

  private static final int KEY_LABEL_BYTES_MAX = 255;

  public TokenConfig {
    Objects.requireNonNull(module, "module");
    Objects.requireNonNull(keyType, "keyType");
    Objects.requireNonNull(pinFile, "pinFile");
    requireLabel("token label", tokenLabel, TOKEN_LABEL_BYTES_MAX);
    requireLabel("key label", keyLabel, KEY_LABEL_BYTES_MAX);
  }

  /** Another key in the same token. */
  public TokenConfig withKeyLabel(String label) {
    return new TokenConfig(module, tokenLabel, label, keyType, pinFile);
  }

  private static void requireLabel(String what, String label, int bytesMax) {
    int bytes = label.getBytes(StandardCharsets.UTF_8).length;
    if (label.isBlank() || bytes > bytesMax) {
      throw new IllegalArgumentException(what + " must be 1.." + bytesMax + " bytes of UTF-8");
    }
  }
}
