package io.sealgate.signer;

import io.sealgate.log.LogOrigin;
import io.sealgate.log.NoteException;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.SignedNote;
import io.sealgate.log.Vkey;
import io.sealgate.log.store.LogReader;
import io.sealgate.signer.token.SigningToken;
import io.sealgate.signer.token.SoftHsm;
import io.sealgate.signer.token.TokenConfig;
import io.sealgate.signer.token.TokenException;
import io.sealgate.signer.token.TokenKeys;
import io.sealgate.store.StoreException;
import io.sealgate.store.WholeFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The life of a log's keys: made, announced, overlapped, retired, each a leaf of the log. What uses
 * a token reads its PIN and takes the signer's lock, so it runs as the signer's user while no
 * signer runs; {@link #list} needs neither.
 */
public final class LogKeys {
  private static final System.Logger LOG = System.getLogger(LogKeys.class.getName());
  private static final String CEREMONIES = "ceremonies";
  private static final String ATTESTATIONS = "attestations";
  private static final int BLOB_BYTES_MAX = 1 << 20;

  private final SignerConfig config;
  private final Clock clock;

  /** The keys of the log that a signer with this configuration writes. */
  public LogKeys(SignerConfig config) {
    this(config, Clock.systemUTC());
  }

  LogKeys(SignerConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  /**
   * A key as verifiers see it.
   *
   * @param shard the shard it may have signed in
   * @param vkey the verifier key (C2SP signed-note)
   * @param signing whether the newest head bears its signature
   */
  public record Known(String shard, Vkey vkey, boolean signing) {}

  /** All keys of the trust file, oldest shard first; empty before the first start. */
  public List<Known> list() throws SignerException {
    try (LogReader log = LogReader.open(config.logDir())) {
      if (!Files.exists(config.trustFile())) {
        return List.of();
      }
      NoteVerifier trust = NoteVerifier.parse(Files.readString(config.trustFile()));
      List<Vkey> signing = List.of();
      if (!log.shards().isEmpty()) {
        byte[] note = log.latestCheckpoint(log.shards().getLast());
        signing = note == null ? List.of() : trust.verify(SignedNote.parse(note));
      }
      List<Known> known = new ArrayList<>();
      for (Vkey key : trust.keys()) {
        known.add(new Known(LogOrigin.parse(key.name()).shard(), key, signing.contains(key)));
      }
      return known;
    } catch (NoteException e) {
      throw new SignerException(
          ExitCode.LOG_UNAVAILABLE,
          "the trust file or the newest head cannot be read: " + e.getMessage(),
          e);
    } catch (IOException e) {
      throw new SignerException(ExitCode.LOG_UNAVAILABLE, String.valueOf(e.getMessage()), e);
    }
  }

  /** Labels of the keys the next signer signs with, preferred first. */
  public List<String> ring() throws SignerException {
    return guarded(() -> KeyRing.read(config));
  }

  /**
   * Makes the configured key and the content store's wrapping key in their token unless they are
   * there; a software token is made with them where the configuration lets one be made.
   *
   * @return the key as it will verify the present quarter's shard
   */
  public Vkey init() throws SignerException {
    return guarded(
        () -> {
          try (OwnerLock _ = lock()) {
            TokenConfig token = config.firstToken();
            boolean first = config.createToken() && !Files.exists(config.trustFile());
            if (SignerProcess.ownsToken(config)) {
              SoftHsm.use(config.tokensDir());
            }
            if (first) {
              SoftHsm.ensureToken(token, config.soPinFile());
            } else {
              TokenKeys.ensure(token);
            }
            ensureContentKey();
            return vkey(token);
          }
        });
  }

  /** Not every token has AES-GCM; the log does without. */
  private void ensureContentKey() {
    try {
      config.contentKey().ensure();
    } catch (TokenException e) {
      LOG.log(
          Level.WARNING,
          "the content store has no wrapping key, calls that policies want kept will be denied:"
              + " {0}",
          e.getMessage());
    }
  }

  private OwnerLock lock() throws SignerException, IOException {
    Files.createDirectories(config.runDir());
    return OwnerLock.take(config.runDir().resolve("signer.lock"), config.dataDir());
  }

  private Vkey vkey(TokenConfig token) throws TokenException, SignerException {
    try (SigningToken open =
        SigningToken.open(config.slotOptions().driver().driver(token), token.keyType())) {
      LogOrigin origin = LogOrigin.of(config.logName(), clock.instant());
      return Vkey.of(origin.name(), open.publicKey());
    } catch (NoteException e) {
      throw new SignerException(
          ExitCode.CONFIGURATION, "the key cannot sign a log: " + e.getMessage(), e);
    }
  }

  /**
   * Makes a key and announces it under the old one's signature. From the next start on both sign
   * every head, until the old one is retired.
   *
   * @param label CKA_LABEL of the new key
   * @return the new key
   */
  public Vkey rotate(String label) throws SignerException {
    return guarded(
        () -> {
          List<String> ring = KeyRing.read(config);
          if (ring.contains(label)) {
            throw new SignerException(
                ExitCode.CONFIGURATION, "key '" + label + "' is in use; name a new one");
          }
          if (ring.size() > 1) {
            throw new SignerException(
                ExitCode.CONFIGURATION,
                "a rotation is under way (" + String.join(", ", ring) + "); retire the old key");
          }
          if (!Files.exists(config.trustFile())) {
            throw new SignerException(
                ExitCode.CONFIGURATION, "the log has no key yet; start it, or: key init");
          }
          try (OwnerLock _ = lock()) {
            if (SignerProcess.ownsToken(config)) {
              SoftHsm.use(config.tokensDir());
            }
            TokenKeys.ensure(config.firstToken().withKeyLabel(label));
          }
          KeyRing.write(config, List.of(label, ring.getFirst()));
          try (LogSession session = open()) {
            session.keeper().bringUp();
            return session.slots().slots().getFirst().key();
          }
        });
  }

  /**
   * Retires a key: the log says up to which size its signature counts, under the signature of the
   * keys that stay. The key itself is left in its token.
   *
   * @return the retired key
   */
  public Vkey retire(String label) throws SignerException {
    return guarded(
        () -> {
          List<String> stay = new ArrayList<>(KeyRing.read(config));
          stay.remove(label);
          if (stay.isEmpty()) {
            throw new SignerException(
                ExitCode.CONFIGURATION,
                "key '" + label + "' is the log's only one; rotate to a new key first");
          }
          // The key signs nothing after this line, whatever happens to the leaf.
          KeyRing.write(config, stay);
          try (LogSession session = open()) {
            session.keeper().bringUp();
            LogOrigin origin = session.pipeline().log().origin();
            Vkey key;
            try (SigningToken token =
                SigningToken.open(
                    config.slotOptions().driver().driver(config.firstToken().withKeyLabel(label)),
                    config.keyType())) {
              key = Vkey.of(origin.name(), token.publicKey());
            }
            if (!TrustFile.trusts(config.trustFile(), key.publicKey())) {
              throw new SignerException(
                  ExitCode.CONFIGURATION, "key '" + label + "' is none of the log's");
            }
            long lastSize = session.pipeline().treeSize();
            session.pipeline().sealOwn(List.of(session.events().keyRetire(origin, key, lastSize)));
            return key;
          } catch (NoteException e) {
            throw new SignerException(ExitCode.INTERNAL, "the key has no form", e);
          }
        });
  }

  /**
   * Keeps a ceremony's transcript beside the log and seals its hash.
   *
   * @return where the transcript lies
   */
  public Path sealTranscript(String transcript) throws SignerException {
    return sealBlob(
        CEREMONIES,
        ".txt",
        transcript.getBytes(StandardCharsets.UTF_8),
        "ceremony",
        "transcript_sha256");
  }

  /**
   * Keeps what the token's maker says about the key (an attestation, opaque here) beside the log
   * and seals its hash.
   *
   * @return where the attestation lies
   */
  public Path sealAttestation(byte[] attestation) throws SignerException {
    return sealBlob(ATTESTATIONS, ".bin", attestation, "key-attestation", "attestation_sha256");
  }

  private Path sealBlob(String dir, String suffix, byte[] blob, String event, String member)
      throws SignerException {
    return guarded(
        () -> {
          if (blob.length == 0 || blob.length > BLOB_BYTES_MAX) {
            throw new SignerException(
                ExitCode.CONFIGURATION, "1 to " + BLOB_BYTES_MAX + " bytes can be sealed");
          }
          String hash = sha256(blob);
          try (LogSession session = open()) {
            session.keeper().bringUp();
            Path file =
                Files.createDirectories(config.logDir().resolve(dir)).resolve(hash + suffix);
            WholeFile.write(file, blob);
            LogOrigin origin = session.pipeline().log().origin();
            Vkey key = session.slots().preferred().key();
            session
                .pipeline()
                .sealOwn(
                    List.of(
                        session
                            .events()
                            .event(event, origin, Map.of(member, hash, "key", key.toString()))));
            return file;
          }
        });
  }

  private LogSession open() throws SignerException {
    return LogSession.open(config, clock, new SecureRandom().nextLong());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private interface Work<T> {
    T run() throws SignerException, TokenException, IOException;
  }

  private static <T> T guarded(Work<T> work) throws SignerException {
    try {
      return work.run();
    } catch (TokenException e) {
      throw SignerException.of(e);
    } catch (StoreException e) {
      throw new SignerException(ExitCode.LOG_UNAVAILABLE, e.getMessage(), e);
    } catch (IOException e) {
      throw new SignerException(
          ExitCode.CONFIGURATION, "the log's folders cannot be used: " + e.getMessage(), e);
    }
  }
}
