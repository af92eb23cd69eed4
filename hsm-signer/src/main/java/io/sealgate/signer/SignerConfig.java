package io.sealgate.signer;

import io.sealgate.log.store.LogOptions;
import io.sealgate.signer.token.KeyType;
import io.sealgate.signer.token.SoftHsm;
import io.sealgate.signer.token.TokenConfig;
import io.sealgate.signer.token.TokenException;
import io.sealgate.signer.token.WrappingKey;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Everything a signer is told, checked once.
 *
 * @param dataDir the installation's data; the signer owns {@code log}, {@code tokens} and parts of
 *     {@code secrets} and {@code run} in it
 * @param aeronDir where the signer's media driver puts its files, best in memory; the signer
 *     deletes and creates it
 * @param logName the first part of the log's origin
 * @param pkcs11Module path of the PKCS#11 module, or {@value #MODULE_AUTO} for the installed
 *     SoftHSM
 * @param tokenLabel label of the token
 * @param keyLabel label of the key pair in it
 * @param keyType the type of the key
 * @param pinFile file with the user PIN, mode 600
 * @param createToken whether to create a software token and key in {@code dataDir} when the log is
 *     new and has none
 * @param batchRecordsMax most records in one batch
 * @param signDeadlineMillis how long a batch waits for its signature
 * @param stopOnStdinEof whether the signer stops when its standard input ends, that is when its
 *     parent is gone
 * @param logOptions sizes of the log's files
 * @param logLife heartbeats and retention
 * @param slotOptions driver and further keys
 */
public record SignerConfig(
    Path dataDir,
    Path aeronDir,
    String logName,
    String pkcs11Module,
    String tokenLabel,
    String keyLabel,
    KeyType keyType,
    Path pinFile,
    boolean createToken,
    int batchRecordsMax,
    int signDeadlineMillis,
    boolean stopOnStdinEof,
    LogOptions logOptions,
    LogLife logLife,
    SlotOptions slotOptions) {

  /** Asks for the SoftHSM module in one of its well-known places. */
  public static final String MODULE_AUTO = "auto";

  /**
   * A batch of this size keeps a flush of a slow disk well used and its receipts in one message a
   * lane.
   */
  public static final int BATCH_RECORDS_DEFAULT = 1_024;

  /**
   * A network HSM that fails over answers within this time; past it the batch's calls are denied.
   */
  public static final int SIGN_DEADLINE_MILLIS_DEFAULT = 2_000;

  /** After the log key's label. */
  private static final String CONTENT_KEY_SUFFIX = "-content";

  /** The receipts of a batch go out in one message, which the channel bounds. */
  private static final int BATCH_RECORDS_MOST = 16_384;

  private static final int SIGN_DEADLINE_MILLIS_MIN = 10;
  private static final int SIGN_DEADLINE_MILLIS_MOST = 60_000;

  public SignerConfig {
    dataDir = dataDir.toAbsolutePath().normalize();
    aeronDir = aeronDir.toAbsolutePath().normalize();
    pinFile = pinFile.toAbsolutePath().normalize();
    Objects.requireNonNull(logName, "logName");
    Objects.requireNonNull(pkcs11Module, "pkcs11Module");
    Objects.requireNonNull(tokenLabel, "tokenLabel");
    Objects.requireNonNull(keyLabel, "keyLabel");
    Objects.requireNonNull(keyType, "keyType");
    Objects.requireNonNull(logOptions, "logOptions");
    Objects.requireNonNull(logLife, "logLife");
    Objects.requireNonNull(slotOptions, "slotOptions");
    requireRange("batchRecordsMax", batchRecordsMax, 1, BATCH_RECORDS_MOST);
    requireRange(
        "signDeadlineMillis",
        signDeadlineMillis,
        SIGN_DEADLINE_MILLIS_MIN,
        SIGN_DEADLINE_MILLIS_MOST);
    if (createToken && !pkcs11Module.equals(MODULE_AUTO) && !pkcs11Module.contains("softhsm")) {
      // C_InitToken on a hardware module would take a slot that someone keeps for another use.
      throw new IllegalArgumentException(
          "createToken is for SoftHSM; create the token of "
              + pkcs11Module
              + " with its own tools");
    }
    if (aeronDir.getParent() == null || aeronDir.equals(dataDir) || dataDir.startsWith(aeronDir)) {
      throw new IllegalArgumentException(
          "aeronDir " + aeronDir + " is deleted at each start; give it a directory of its own");
    }
  }

  private static void requireRange(String what, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(what + " must be " + min + ".." + max + ", not " + value);
    }
  }

  /**
   * A signer that needs nothing but a folder: a SoftHSM token of its own, created at the first
   * start.
   */
  public static SignerConfig development(
      Path dataDir, Path aeronDir, String logName, KeyType keyType) {
    return new SignerConfig(
        dataDir,
        aeronDir,
        logName,
        MODULE_AUTO,
        "sealgate",
        "sealgate-log",
        keyType,
        dataDir.resolve("secrets").resolve("token-pin"),
        true,
        BATCH_RECORDS_DEFAULT,
        SIGN_DEADLINE_MILLIS_DEFAULT,
        false,
        LogOptions.defaults(),
        LogLife.defaults(),
        SlotOptions.defaults());
  }

  /** With other heartbeats and retention. */
  public SignerConfig withLogLife(LogLife life) {
    return with(life, slotOptions);
  }

  /** With another driver or further keys. */
  public SignerConfig withSlotOptions(SlotOptions options) {
    return with(logLife, options);
  }

  private SignerConfig with(LogLife life, SlotOptions slots) {
    return new SignerConfig(
        dataDir,
        aeronDir,
        logName,
        pkcs11Module,
        tokenLabel,
        keyLabel,
        keyType,
        pinFile,
        createToken,
        batchRecordsMax,
        signDeadlineMillis,
        stopOnStdinEof,
        logOptions,
        life,
        slots);
  }

  /**
   * The configured key in its token.
   *
   * @throws TokenException where the module is to be found and is not installed
   */
  TokenConfig firstToken() throws TokenException {
    return new TokenConfig(modulePath(pkcs11Module), tokenLabel, keyLabel, keyType, pinFile);
  }

  /**
   * The key that the content store's keys are wrapped with: in the first token, beside the log's.
   *
   * @throws TokenException where the module is to be found and is not installed
   */
  WrappingKey contentKey() throws TokenException {
    return new WrappingKey(firstToken().withKeyLabel(contentKeyLabel()), slotOptions.driver());
  }

  /** CKA_LABEL of the content store's wrapping key. */
  public String contentKeyLabel() {
    return keyLabel + CONTENT_KEY_SUFFIX;
  }

  static Path modulePath(String module) throws TokenException {
    return module.equals(MODULE_AUTO) ? SoftHsm.findModule() : Path.of(module);
  }

  /** The folder of the development token. */
  Path tokensDir() {
    return dataDir.resolve("tokens");
  }

  /** Where the development token's security officer PIN is kept. */
  Path soPinFile() {
    return dataDir.resolve("secrets").resolve("token-so-pin");
  }

  /** The folder of the log. */
  Path logDir() {
    return dataDir.resolve("log");
  }

  /** The verifier key of the log, one line; its presence says that the log has its key. */
  Path trustFile() {
    return logDir().resolve("trust");
  }

  /** What is only true while the signer runs. */
  Path runDir() {
    return dataDir.resolve("run");
  }

  /** Written when the signer is ready, removed when it stops. */
  Path runFile() {
    return runDir().resolve("signer.json");
  }
}
