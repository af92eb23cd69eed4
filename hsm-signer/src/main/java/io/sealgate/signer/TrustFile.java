package io.sealgate.signer;

import io.sealgate.log.LogOrigin;
import io.sealgate.log.NoteException;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import io.sealgate.store.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;

/**
 * The verifier keys of a log, one line for each key of a shard, as a policy (C2SP tlog-policy):
 * what an auditor needs to check it, and no secret.
 */
final class TrustFile {
  private TrustFile() {}

  /**
   * Refuses tokens none of which holds a key of the log.
   *
   * @throws SignerException when the file names other keys only
   */
  static void check(Path file, List<SigningSlot> slots) throws SignerException, IOException {
    List<Vkey> known = read(file);
    boolean one =
        known.isEmpty() || slots.stream().anyMatch(slot -> knows(known, slot.publicKey()));
    if (!one) {
      throw new SignerException(
          ExitCode.CONFIGURATION,
          "the log was signed with key "
              + known.getLast()
              + " (see "
              + file
              + ") but "
              + slots.getFirst().name()
              + " holds another; put the right token back");
    }
  }

  /** Whether a log key is trusted, in whichever shard; in a new log every key is. */
  static boolean trusts(Path file, PublicKey key) throws SignerException, IOException {
    List<Vkey> known = read(file);
    return known.isEmpty() || knows(known, key);
  }

  private static boolean knows(List<Vkey> known, PublicKey key) {
    return known.stream().anyMatch(vkey -> vkey.publicKey().equals(key));
  }

  /** The keys of one shard. */
  static List<Vkey> keys(Path file, LogOrigin origin) throws SignerException, IOException {
    return read(file).stream().filter(key -> key.name().equals(origin.name())).toList();
  }

  /** Adds a key unless it is there. */
  static void add(Path file, Vkey key) throws SignerException, IOException {
    TrustPolicy known = policy(file);
    try {
      if (known == null) {
        WholeFile.write(file, TrustPolicy.of(List.of(key)).toBytes());
      } else if (known.logs().stream().noneMatch(log -> log.key().equals(key))) {
        WholeFile.write(file, known.withLog(key).toBytes());
      }
    } catch (NoteException e) {
      throw new SignerException(
          ExitCode.CONFIGURATION, "key " + key + " cannot be trusted: " + e.getMessage(), e);
    }
  }

  private static List<Vkey> read(Path file) throws SignerException, IOException {
    TrustPolicy policy = policy(file);
    return policy == null ? List.of() : policy.logs().stream().map(TrustPolicy.Log::key).toList();
  }

  /** What the file says, or null where there is none. */
  private static TrustPolicy policy(Path file) throws SignerException, IOException {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return TrustPolicy.parse(Files.readAllBytes(file));
    } catch (NoteException e) {
      throw new SignerException(
          ExitCode.CONFIGURATION, file + " is damaged: " + e.getMessage() + "; restore it", e);
    }
  }
}
