package io.sealgate.signer.token;

import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKR_CRYPTOKI_ALREADY_INITIALIZED;
import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKR_CRYPTOKI_NOT_INITIALIZED;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.xipki.pkcs11.wrapper.Logger;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.PKCS11Module;
import org.xipki.pkcs11.wrapper.Slot;
import org.xipki.pkcs11.wrapper.StaticLogger;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.TokenInfo;

/**
 * A loaded PKCS#11 module. A module is state of the whole process: it is loaded once and one owner
 * at a time may have it initialized.
 */
final class Pkcs11Module implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Pkcs11Module.class.getName());

  /**
   * Never unloaded: a library that is closed and opened again keeps threads and locks of its first
   * life.
   */
  private static final Map<Path, PKCS11Module> LOADED = new HashMap<>();

  private static final Map<Path, Pkcs11Module> OWNED = new HashMap<>();

  static {
    // The wrapper prints to the standard output unless it is given a logger.
    StaticLogger.setLogger(new WrapperLog());
  }

  private final Path path;
  private final PKCS11Module module;

  private Pkcs11Module(Path path, PKCS11Module module) {
    this.path = path;
    this.module = module;
  }

  /** Loads the module if this process has not yet, and initializes it. */
  static Pkcs11Module open(Path path) throws TokenException {
    synchronized (OWNED) {
      if (OWNED.containsKey(path)) {
        throw new TokenException(
            TokenFault.FATAL, "PKCS#11 module " + path + " is already in use in this process");
      }
      Pkcs11Module opened = new Pkcs11Module(path, load(path));
      opened.initialize();
      OWNED.put(path, opened);
      return opened;
    }
  }

  private static PKCS11Module load(Path path) throws TokenException {
    PKCS11Module loaded = LOADED.get(path);
    if (loaded != null) {
      return loaded;
    }
    if (!Files.isReadable(path)) {
      throw new TokenException(
          TokenFault.FATAL, "PKCS#11 module " + path + " does not exist or cannot be read");
    }
    try {
      PKCS11Module fresh = PKCS11Module.getInstance(path.toString());
      LOADED.put(path, fresh);
      return fresh;
    } catch (IOException | LinkageError e) {
      throw new TokenException(
          TokenFault.FATAL, "PKCS#11 module " + path + " cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** Finalizes the module if it is initialized, and initializes it afresh. */
  void reinitialize() throws TokenException {
    finalizeQuietly();
    initialize();
  }

  private void initialize() throws TokenException {
    try {
      module.initialize();
    } catch (PKCS11Exception e) {
      if (e.getErrorCode() != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
        throw TokenException.of("C_Initialize of " + path, e);
      }
    }
  }

  private void finalizeQuietly() {
    try {
      module.finalize(null);
    } catch (PKCS11Exception e) {
      if (e.getErrorCode() != CKR_CRYPTOKI_NOT_INITIALIZED) {
        LOG.log(Level.WARNING, "C_Finalize of {0}: {1}", path, e.getErrorName());
      }
    }
  }

  /** The token with a label. */
  Token tokenLabelled(String label) throws TokenException {
    Token token = findToken(label);
    if (token == null) {
      throw new TokenException(
          TokenFault.DEVICE, "no token labelled '" + label + "' in any slot of " + path);
    }
    return token;
  }

  /** The token with a label, or null. */
  Token findToken(String label) throws TokenException {
    Token found = null;
    try {
      for (Slot slot : module.getSlotList(true)) {
        Token token = slot.getToken();
        TokenInfo info = token.getTokenInfo();
        if (info.isTokenInitialized() && info.getLabel().strip().equals(label)) {
          if (found != null) {
            throw new TokenException(
                TokenFault.FATAL, "more than one token is labelled '" + label + "'");
          }
          found = token;
        }
      }
      return found;
    } catch (PKCS11Exception e) {
      throw TokenException.of("looking for token '" + label + "'", e);
    }
  }

  /** A slot whose token is not yet initialized. */
  Slot freeSlot() throws TokenException {
    try {
      for (Slot slot : module.getSlotList(true)) {
        if (!slot.getToken().getTokenInfo().isTokenInitialized()) {
          return slot;
        }
      }
    } catch (PKCS11Exception e) {
      throw TokenException.of("looking for a free slot", e);
    }
    throw new TokenException(TokenFault.FATAL, "no slot of " + path + " has room for a new token");
  }

  /** Finalizes the module and gives up its ownership. */
  @Override
  public void close() {
    synchronized (OWNED) {
      if (OWNED.remove(path, this)) {
        finalizeQuietly();
      }
    }
  }

  /**
   * What the wrapper reports also reaches the caller as an exception, so it is of use for debugging
   * only.
   */
  private static final class WrapperLog implements Logger {
    private static void log(String format, Object... arguments) {
      if (LOG.isLoggable(Level.TRACE)) {
        StringBuilder line = new StringBuilder(format);
        for (Object argument : arguments) {
          line.append(" | ").append(argument);
        }
        LOG.log(Level.TRACE, line::toString);
      }
    }

    @Override
    public void info(String format, Object... arguments) {
      log(format, arguments);
    }

    @Override
    public void warn(String format, Object... arguments) {
      log(format, arguments);
    }

    @Override
    public void error(String format, Object... arguments) {
      log(format, arguments);
    }

    @Override
    public void debug(String format, Object... arguments) {
      log(format, arguments);
    }

    @Override
    public void trace(String format, Object... arguments) {
      log(format, arguments);
    }

    @Override
    public boolean isDebugEnabled() {
      return false;
    }

    @Override
    public boolean isInfoEnabled() {
      return LOG.isLoggable(Level.TRACE);
    }

    @Override
    public boolean isWarnEnabled() {
      return LOG.isLoggable(Level.TRACE);
    }

    @Override
    public boolean isTraceEnabled() {
      return false;
    }
  }
}
