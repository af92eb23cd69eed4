package io.sealgate.signer;

import io.sealgate.signer.token.SigningToken;
import io.sealgate.signer.token.SoftHsm;
import io.sealgate.signer.token.TokenConfig;
import io.sealgate.signer.token.TokenException;
import io.sealgate.signer.token.TokenFault;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/**
 * What whoever writes to a log holds: the lock on the data folder, the keys in their tokens, the
 * newest shard. A signer holds it as long as it runs, a key command for as long as it takes.
 */
final class LogSession implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LogSession.class.getName());

  private final SignerConfig config;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private SigningSlots slots;
  private AbsentSlots absent;
  private SignerEvents events;
  private ShardKeeper keeper;
  private SealPipeline pipeline;

  private LogSession(SignerConfig config) {
    this.config = config;
  }

  /**
   * Takes the lock, opens the keys of the key ring and the standby slots, and the newest shard.
   *
   * @param instance names this life in the log
   * @throws SignerException why not, with what was opened closed again
   */
  static LogSession open(SignerConfig config, Clock clock, long instance) throws SignerException {
    LogSession session = new LogSession(config);
    boolean ready = false;
    try {
      session.open(clock, instance);
      ready = true;
      return session;
    } catch (TokenException e) {
      throw SignerException.of(e);
    } catch (StoreException e) {
      throw new SignerException(ExitCode.LOG_UNAVAILABLE, e.getMessage(), e);
    } catch (IOException e) {
      throw new SignerException(
          ExitCode.CONFIGURATION, "the signer cannot use its folders: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new SignerException(ExitCode.CONFIGURATION, String.valueOf(e.getMessage()), e);
    } finally {
      if (!ready) {
        session.close();
      }
    }
  }

  private void open(Clock clock, long instance)
      throws SignerException, TokenException, IOException {
    createPrivate(config.dataDir());
    createPrivate(config.runDir());
    createPrivate(config.logDir());
    keep(OwnerLock.take(config.runDir().resolve("signer.lock"), config.dataDir()));
    slots = openSlots();
    events = new SignerEvents(HexFormat.of().toHexDigits(instance), clock);
    keeper = new ShardKeeper(config, slots, absent, events, clock);
    boolean each = config.slotOptions().signEveryRecord();
    pipeline = keep(keeper.open(each ? RecordSeal.measured(slots) : null));
  }

  private <T extends AutoCloseable> T keep(T resource) {
    opened.push(resource);
    return resource;
  }

  private static void createPrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    }
  }

  /** Opens every slot; one that is dead may join later, if another can sign. */
  private SigningSlots openSlots() throws SignerException, TokenException, IOException {
    List<TokenConfig> wanted = new ArrayList<>(ownTokens());
    // Keys that overlap in a rotation sign side by side until the old one is retired.
    boolean all = config.slotOptions().signWithAll() || wanted.size() > 1;
    for (SlotOptions.Standby standby : config.slotOptions().standby()) {
      wanted.add(standby.token(config.keyType()));
    }
    List<SigningSlot> slots = new ArrayList<>();
    int share = config.signDeadlineMillis() / wanted.size();
    absent = new AbsentSlots(config.slotOptions().driver(), share);
    TokenException dead = null;
    try {
      for (int rank = 0; rank < wanted.size(); rank++) {
        TokenConfig one = wanted.get(rank);
        String name = "key '" + one.keyLabel() + "' of token '" + one.tokenLabel() + "'";
        try {
          SigningToken token =
              SigningToken.open(config.slotOptions().driver().driver(one), one.keyType());
          slots.add(new SigningSlot(name, rank, token, new SignStage(token, share)));
        } catch (TokenException e) {
          if (e.fault() == TokenFault.FATAL) {
            throw e;
          }
          LOG.log(Level.ERROR, "{0} cannot sign: {1}", name, e.getMessage());
          absent.add(name, one, rank);
          dead = e;
        }
      }
      if (slots.isEmpty()) {
        throw dead;
      }
      TrustFile.check(config.trustFile(), slots);
      for (SigningSlot slot : slots) {
        if (TrustFile.trusts(config.trustFile(), slot.publicKey())) {
          slot.announce();
        }
      }
      SigningSlots ready = keep(new SigningSlots(slots, all));
      keep(absent);
      slots = List.of();
      return ready;
    } finally {
      slots.forEach(slot -> slot.stage().close());
    }
  }

  /** The keys of the log's own token, made when the log is new and may have a software token. */
  private List<TokenConfig> ownTokens() throws SignerException, TokenException, IOException {
    TokenConfig first = config.firstToken();
    // A log that has a key never gets another by itself: a lost token must be seen, not replaced.
    boolean create = config.createToken() && !Files.exists(config.trustFile());
    if (SignerProcess.ownsToken(config)) {
      if (!create && !Files.isDirectory(config.tokensDir())) {
        throw new SignerException(
            ExitCode.TOKEN_UNAVAILABLE,
            "the token folder "
                + config.tokensDir()
                + " is gone but the log has its key; put the folder back");
      }
      SoftHsm.use(config.tokensDir());
    }
    if (create) {
      SoftHsm.ensureToken(first, config.soPinFile());
      config.contentKey().ensure();
    }
    List<TokenConfig> own = new ArrayList<>();
    for (String label : KeyRing.read(config)) {
      own.add(first.withKeyLabel(label));
    }
    return own;
  }

  SigningSlots slots() {
    return slots;
  }

  /** Those that were dead; a signer that runs has them tried again. */
  AbsentSlots absent() {
    return absent;
  }

  SignerEvents events() {
    return events;
  }

  ShardKeeper keeper() {
    return keeper;
  }

  SealPipeline pipeline() {
    return pipeline;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, "while stopping", e);
      }
    }
  }
}
