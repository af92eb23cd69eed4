package io.sealgate.signer.token;

import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKF_USER_PIN_INITIALIZED;
import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKU_SO;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Slot;
import org.xipki.pkcs11.wrapper.Token;

/**
 * A software token of our own, for development and for a first run without hardware. Every step of
 * its creation can be repeated: a run that was cut short is finished by the next.
 */
public final class SoftHsm {
  /** The variable SoftHSM reads when the module is initialized. */
  public static final String CONFIG_VARIABLE = "SOFTHSM2_CONF";

  private static final String CONFIG_FILE = "softhsm2.conf";

  private static final List<Path> WELL_KNOWN_MODULES =
      List.of(
          Path.of("/usr/lib/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib64/pkcs11/libsofthsm2.so"),
          Path.of("/usr/lib64/libsofthsm2.so"),
          Path.of("/usr/local/lib/softhsm/libsofthsm2.so"));

  private static final int TOKEN_LABEL_BYTES = 32;

  private SoftHsm() {}

  /**
   * The installed SoftHSM module.
   *
   * @throws TokenException when none of the well-known places has it
   */
  public static Path findModule() throws TokenException {
    for (Path candidate : WELL_KNOWN_MODULES) {
      if (Files.isReadable(candidate)) {
        return candidate;
      }
    }
    throw new TokenException(
        TokenFault.FATAL,
        "no SoftHSM module in "
            + WELL_KNOWN_MODULES
            + "; install the package softhsm2 or name a PKCS#11 module in the configuration");
  }

  /** Where a token folder keeps the configuration that {@link #CONFIG_VARIABLE} must name. */
  public static Path configFile(Path tokensDir) {
    return tokensDir.resolve(CONFIG_FILE);
  }

  /**
   * Points SoftHSM in this process at a token folder, creating the folder and its configuration
   * when absent. To be called before the module is loaded and while no other thread reads the
   * environment.
   */
  public static void use(Path tokensDir) throws IOException {
    Path absolute = tokensDir.toAbsolutePath();
    Path config = configFile(absolute);
    createPrivateDirectory(absolute);
    String text =
        "directories.tokendir = "
            + absolute
            + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n";
    // Written again when the data folder was moved: SoftHSM wants absolute paths.
    if (!Files.exists(config) || !Files.readString(config).equals(text)) {
      Files.writeString(config, text, StandardCharsets.UTF_8);
    }
    if (!config.toString().equals(System.getenv(CONFIG_VARIABLE))) {
      NativeEnvironment.set(CONFIG_VARIABLE, config.toString());
    }
  }

  /**
   * Makes sure that a token with a key exists: initializes a free slot, sets random PINs and
   * creates the key, whatever of this is still missing. The PINs go to owner-only files.
   *
   * @param config the token and key wanted; its PIN file is created when absent
   * @param soPinFile where the security officer's PIN is kept
   */
  public static void ensureToken(TokenConfig config, Path soPinFile)
      throws TokenException, IOException {
    Objects.requireNonNull(config);
    ensurePin(config.pinFile());
    ensurePin(soPinFile);
    try (Pkcs11Module module = Pkcs11Module.open(config.module())) {
      Token token = find(module, config.tokenLabel());
      if (token == null) {
        initToken(module.freeSlot(), config.tokenLabel(), soPinFile);
        // SoftHSM gives an initialized token another slot.
        module.reinitialize();
        token = module.tokenLabelled(config.tokenLabel());
      }
      if (!token.getTokenInfo().hasFlagBit(CKF_USER_PIN_INITIALIZED)) {
        initUserPin(token, config.pinFile(), soPinFile);
      }
      TokenKeys.ensure(token, config);
    } catch (PKCS11Exception e) {
      throw TokenException.of("creating token '" + config.tokenLabel() + "'", e);
    }
  }

  /** Another user of the library in this process may have left it with a folder that is gone. */
  private static Token find(Pkcs11Module module, String label) throws TokenException {
    try {
      return module.findToken(label);
    } catch (TokenException e) {
      if (e.fault() != TokenFault.DEVICE) {
        throw e;
      }
      module.reinitialize();
      return module.findToken(label);
    }
  }

  private static void ensurePin(Path file) throws IOException {
    if (!Files.exists(file)) {
      createPrivateDirectory(file.toAbsolutePath().getParent());
      Pin.create(file);
    }
  }

  private static void createPrivateDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static void initToken(Slot slot, String label, Path soPinFile) throws TokenException {
    char[] padded = new char[TOKEN_LABEL_BYTES];
    Arrays.fill(padded, ' ');
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(label)) {
      throw new TokenException(TokenFault.FATAL, "the label of a new token must be ASCII");
    }
    label.getChars(0, label.length(), padded, 0);
    try (Pin soPin = Pin.read(soPinFile)) {
      slot.getModule().getPKCS11Module().C_InitToken(slot.getSlotID(), soPin.chars(), padded, true);
    } catch (iaik.pkcs.pkcs11.wrapper.PKCS11Exception e) {
      throw TokenException.of(
          "C_InitToken of '" + label + "'", slot.getModule().convertException(e));
    }
  }

  private static void initUserPin(Token token, Path pinFile, Path soPinFile)
      throws TokenException, PKCS11Exception {
    Session session = token.openSession(true);
    try (Pin soPin = Pin.read(soPinFile);
        Pin pin = Pin.read(pinFile)) {
      session.login(CKU_SO, soPin.chars());
      session.initPIN(pin.chars());
      session.logout();
    } finally {
      session.closeSession();
    }
  }
}
