package io.sealgate.gateway.identity;

import io.sealgate.store.StateStore;
import io.sealgate.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The API keys of callers. Stored only as salted SHA-256 hashes (a key carries 256 random bits, so
 * a slow password hash would protect nothing more); looked up in memory, so that a call never waits
 * for the disk. Safe for any thread.
 *
 * <p>A key reads {@code sgk_<id>_<secret>}: 12 characters name it, 43 prove it.
 */
public final class ApiKeys {
  private static final String TABLE = "api-keys";
  private static final String PREFIX = "sgk_";
  private static final int ID_CHARS = 12;
  private static final int SECRET_CHARS = 43;
  private static final int KEY_CHARS = PREFIX.length() + ID_CHARS + 1 + SECRET_CHARS;
  private static final int SALT_BYTES = 16;
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final StateStore store;
  private final Map<String, StoredKey> keys = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private volatile long version;

  /**
   * Reads all keys into memory.
   *
   * @throws StoreException when a stored key cannot be read
   */
  public ApiKeys(final StateStore store) throws StoreException {
    this.store = store;
    store.scan(
        TABLE,
        new byte[0],
        (id, value) -> {
          keys.put(new String(id, StandardCharsets.US_ASCII), StoredKey.decode(value));
          return true;
        });
  }

  /**
   * A key as it is listed.
   *
   * @param caller whom it speaks for
   * @param created when it was issued
   * @param revoked when it was revoked, or null
   */
  public record Listed(Caller caller, Instant created, Instant revoked) {}

  /**
   * A new key.
   *
   * @param secret the whole key, shown once and stored nowhere
   * @param caller whom it speaks for
   */
  public record Issued(String secret, Caller caller) {
    @Override
    public String toString() {
      return "Issued[" + caller.apiKey() + "]";
    }
  }

  /** Issues a key; durable when this returns. The {@code apiKey} of the template is ignored. */
  public Issued issue(final Caller template) throws StoreException {
    final String id = randomText(ID_CHARS);
    final String secret = PREFIX + id + '_' + randomText(SECRET_CHARS);
    final byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    final Caller caller =
        new Caller(
            id,
            template.org(),
            template.team(),
            template.user(),
            template.environment(),
            template.useCase());
    save(new StoredKey(caller, salt, hash(salt, secret), Instant.now(), null));
    return new Issued(secret, caller);
  }

  /**
   * Revokes a key; from the next call on it is refused.
   *
   * @return false when there is no such key
   */
  public boolean revoke(final String id) throws StoreException {
    final StoredKey key = keys.get(id);
    if (key == null) {
      return false;
    }
    if (key.revoked() == null) {
      save(key.revokedAt(Instant.now()));
    }
    return true;
  }

  /** All keys, oldest first. */
  public List<Listed> list() {
    return keys.values().stream()
        .sorted(Comparator.comparing(StoredKey::created))
        .map(key -> new Listed(key.caller(), key.created(), key.revoked()))
        .toList();
  }

  /** Changes whenever a key is issued or revoked: what was looked up before may be stale. */
  public long version() {
    return version;
  }

  /**
   * @param presented what the caller sent as its key
   * @return whom it speaks for, or null when it is unknown, wrong or revoked
   */
  public Caller find(final String presented) {
    if (presented.length() != KEY_CHARS || !presented.startsWith(PREFIX)) {
      return null;
    }
    final StoredKey key =
        keys.get(presented.substring(PREFIX.length(), PREFIX.length() + ID_CHARS));
    if (key == null || key.revoked() != null) {
      return null;
    }
    return MessageDigest.isEqual(key.hash(), hash(key.salt(), presented)) ? key.caller() : null;
  }

  private synchronized void save(final StoredKey key) throws StoreException {
    final String id = key.caller().apiKey();
    store.write(batch -> batch.put(TABLE, id.getBytes(StandardCharsets.US_ASCII), key.encode()));
    keys.put(id, key);
    version++;
  }

  private String randomText(final int chars) {
    final StringBuilder text = new StringBuilder(chars);
    for (int i = 0; i < chars; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private static byte[] hash(final byte[] salt, final String secret) {
    try {
      final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(salt);
      return sha256.digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
