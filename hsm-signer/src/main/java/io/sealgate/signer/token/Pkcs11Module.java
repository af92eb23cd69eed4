package io.sealgate.signer.token;

import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKR_CRYPTOKI_ALREADY_INITIALIZED;
import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKR_CRYPTOKI_NOT_INITIALIZED;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.xipki.pkcs11.wrapper.Logger;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.PKCS11Module;
import org.xipki.pkcs11.wrapper.Slot;
import org.xipki.pkcs11.wrapper.StaticLogger;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.TokenInfo;

/**
 * A loaded PKCS#11 module. A module is state of the whole process: it is loaded once, and its users
 * (one a key) share it. Finalizing it takes every user's session and handles away, so it waits for
 * running calls, happens rarely while another user is well, and begins a new {@link #generation}:
 * numbers of an older one may name someone else's objects by then.
 */
final class Pkcs11Module implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Pkcs11Module.class.getName());

  /**
   * Never unloaded: a library that is closed and opened again keeps threads and locks of its first
   * life.
   */
  private static final Map<Path, PKCS11Module> LOADED = new HashMap<>();

  private static final Map<Path, Pkcs11Module> SHARED = new HashMap<>();

  /** Another user's call that lasts longer is taken to hang, and the module is left as it is. */
  private static final long CALL_WAIT_MILLIS = 200;

  /** A user that signed within this time is well. */
  private static final long WELL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How often the module is finalized though another user is well. */
  private static final long DISTURB_NANOS = TimeUnit.SECONDS.toNanos(10);

  static {
    // The wrapper prints to the standard output unless it is given a logger.
    StaticLogger.setLogger(new WrapperLog());
  }

  private final Path path;
  private final PKCS11Module module;
  private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock();
  private final Map<Object, Long> goodNanos = new ConcurrentHashMap<>();
  private volatile long generation;
  private boolean initialized;
  private long disturbedNanos = System.nanoTime() - DISTURB_NANOS;
  private int users;

  private Pkcs11Module(Path path, PKCS11Module module) {
    this.path = path;
    this.module = module;
  }

  /** Loads and initializes the module unless another user has; each user closes it once. */
  static Pkcs11Module open(Path path) throws TokenException {
    synchronized (SHARED) {
      Pkcs11Module shared = SHARED.get(path);
      if (shared == null) {
        shared = new Pkcs11Module(path, load(path));
        shared.initialize();
        SHARED.put(path, shared);
      }
      shared.users++;
      return shared;
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

  /** Counts the times the module was initialized anew. */
  long generation() {
    return generation;
  }

  /** Keeps the module initialized until {@link #leave}; around every use of a session. */
  void enter() {
    calls.readLock().lock();
  }

  void leave() {
    calls.readLock().unlock();
  }

  /** A user signed. */
  void good(Object user) {
    goodNanos.put(user, System.nanoTime());
  }

  /**
   * Finalizes the module if it is initialized, and initializes it afresh, unless another user has
   * done so meanwhile, or is well and would be disturbed once more in a short time.
   *
   * @param user who asks
   * @param seen the generation in which the user failed
   */
  void renew(Object user, long seen) throws TokenException {
    try {
      if (!calls.writeLock().tryLock(CALL_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new TokenException(
            TokenFault.DEVICE, "a call into " + path + " hangs, so it cannot be initialized anew");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokenException(TokenFault.DEVICE, "interrupted while waiting for " + path, e);
    }
    try {
      long now = System.nanoTime();
      boolean otherIsWell =
          goodNanos.entrySet().stream()
              .anyMatch(other -> other.getKey() != user && now - other.getValue() < WELL_NANOS);
      boolean disturbs = otherIsWell && now - disturbedNanos < DISTURB_NANOS;
      if (initialized && (seen != generation || disturbs)) {
        return;
      }
      disturbedNanos = now;
      reinitialize();
    } finally {
      calls.writeLock().unlock();
    }
  }

  /** Finalizes and initializes at once; only for a module that nobody else uses. */
  void reinitialize() throws TokenException {
    finalizeQuietly();
    initialized = false;
    generation++;
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
    initialized = true;
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

  /** Gives a use up; the last user finalizes the module. */
  @Override
  public void close() {
    synchronized (SHARED) {
      if (--users == 0) {
        SHARED.remove(path, this);
        finalizeQuietly();
      }
    }
  }

  /** As {@link #close}, for a user that was told {@link #good}. */
  void close(Object user) {
    goodNanos.remove(user);
    close();
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
