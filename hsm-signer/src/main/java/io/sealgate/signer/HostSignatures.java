package io.sealgate.signer;

import io.sealgate.log.SignatureChecker;
import io.sealgate.log.Vkey;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Checks signatures of many keys with what this host does it fastest with, as {@link
 * SignatureCheck} does for one key. Any thread may ask; each has its own contexts, until {@link
 * #close}, which nobody may be asking any more.
 */
public final class HostSignatures implements SignatureChecker, AutoCloseable {
  /** More keys than that are no log's; the JDK checks the rest. */
  private static final int KEYS_MAX = 64;

  private final Queue<SignatureCheck> open = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<Map<Vkey, SignatureCheck>> checks =
      ThreadLocal.withInitial(HashMap::new);

  @Override
  public boolean good(Vkey key, byte[] text, byte[] signature) {
    Map<Vkey, SignatureCheck> mine = checks.get();
    SignatureCheck check = mine.get(key);
    if (check == null) {
      // What a witness signs is not the text alone.
      if (key.type() == Vkey.Type.COSIGNATURE_ED25519 || mine.size() == KEYS_MAX) {
        return key.verifies(text, signature);
      }
      check = new SignatureCheck(key);
      mine.put(key, check);
      open.add(check);
    }
    return check.good(text, signature);
  }

  @Override
  public void close() {
    open.forEach(SignatureCheck::close);
    open.clear();
  }
}
