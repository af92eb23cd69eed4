package io.sealgate.signer.token;

import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKF_USER_PIN_FINAL_TRY;
import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKF_USER_PIN_LOCKED;
import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKR_PIN_INCORRECT;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.TokenInfo;

/**
 * What keeps a token from being locked by wrong logins: a PIN that the token refused is not tried
 * again before its file has changed, also not by the next process, and the last try that the token
 * leaves is never used.
 */
final class TokenLogin {
  /** Beside the PIN file; holds the change time of the PIN file that was refused, no PIN. */
  private static final String REFUSED_SUFFIX = ".refused";

  private static final Map<Path, String> REFUSED = new ConcurrentHashMap<>();

  private TokenLogin() {}

  /** A login with a wrong PIN while one try is left would lock the token. */
  static void refuseLastTry(TokenConfig config, TokenInfo info) throws TokenException {
    if (info.hasFlagBit(CKF_USER_PIN_LOCKED)) {
      throw fatal(config, "is locked; its security officer must set a new user PIN");
    }
    if (info.hasFlagBit(CKF_USER_PIN_FINAL_TRY)) {
      throw fatal(
          config, "has one PIN try left; log in by hand with the right PIN to clear the counter");
    }
  }

  /** Refuses to try a PIN again that the token has refused once. */
  static void refuseRefusedPin(TokenConfig config) throws TokenException {
    String state = state(config.pinFile());
    if (!state.isEmpty() && state.equals(refusedState(config.pinFile()))) {
      throw fatal(
          config,
          "refused the PIN in "
              + config.pinFile()
              + " before (CKR_PIN_INCORRECT); it is not tried again until the file is changed");
    }
  }

  /** The PIN was right: what was refused before is forgotten. */
  static void accepted(TokenConfig config) {
    REFUSED.remove(config.pinFile());
    try {
      Files.deleteIfExists(refusedFile(config.pinFile()));
    } catch (IOException e) {
      log(e);
    }
  }

  /** A failed login, remembered where it was the PIN's fault. */
  static TokenException failure(TokenConfig config, PKCS11Exception e) {
    String hint = "";
    if (e.getErrorCode() == CKR_PIN_INCORRECT) {
      String state = state(config.pinFile());
      REFUSED.put(config.pinFile(), state);
      try {
        Files.writeString(refusedFile(config.pinFile()), state, StandardCharsets.US_ASCII);
      } catch (IOException unwritable) {
        // A credentials folder may be read-only: then only this process remembers.
        log(unwritable);
      }
      hint =
          " (the PIN in "
              + config.pinFile()
              + " is not the token's user PIN; mend the file before the next start, each wrong try"
              + " brings the token nearer to its lock)";
    }
    TokenException known =
        TokenException.of("logging in to token '" + config.tokenLabel() + "'", e);
    return new TokenException(known.fault(), known.getMessage() + hint, e);
  }

  private static String refusedState(Path pinFile) {
    String here = REFUSED.get(pinFile);
    try {
      Path file = refusedFile(pinFile);
      return here == null && Files.exists(file) ? Files.readString(file) : here;
    } catch (IOException e) {
      log(e);
      return here;
    }
  }

  private static String state(Path pinFile) {
    try {
      return Files.exists(pinFile) ? Files.getLastModifiedTime(pinFile).toString() : "";
    } catch (IOException e) {
      log(e);
      return "";
    }
  }

  private static Path refusedFile(Path pinFile) {
    return pinFile.resolveSibling(pinFile.getFileName() + REFUSED_SUFFIX);
  }

  private static void log(IOException e) {
    System.getLogger(TokenLogin.class.getName())
        .log(System.Logger.Level.WARNING, "refused PINs are not remembered on disk: {0}", e);
  }

  private static TokenException fatal(TokenConfig config, String what) {
    return new TokenException(TokenFault.FATAL, "token '" + config.tokenLabel() + "' " + what);
  }
}
