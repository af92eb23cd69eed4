package io.sealgate.signer;

import io.sealgate.signer.token.Pin;
import io.sealgate.signer.token.SigningToken;
import io.sealgate.signer.token.SoftHsm;
import io.sealgate.signer.token.TokenConfig;
import io.sealgate.signer.token.TokenException;
import io.sealgate.signer.token.TokenFault;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a look at one of the log's keys showed. The look is a real one: log in, sign, verify on the
 * host.
 *
 * @param key the key and its token, for people
 * @param trouble why the key cannot sign, with the way out; empty when it can
 * @param signNanosP50 half of the signatures took at most this; 0 when there were none
 * @param signaturesPerSecond what one session did, one signature after the other
 */
public record TokenProbe(
    String key, String trouble, long signNanosP50, double signaturesPerSecond) {
  private static final int SIGNATURES = 50;
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * Looks at every key that a signer with this configuration would sign with. A signer may run
   * beside it; a token whose PIN was refused before is left alone.
   */
  public static List<TokenProbe> all(SignerConfig config) {
    List<TokenProbe> probes = new ArrayList<>();
    try {
      if (SignerProcess.ownsToken(config)) {
        if (!Files.isDirectory(config.tokensDir())) {
          throw new TokenException(
              TokenFault.DEVICE,
              "there is no token folder "
                  + config.tokensDir()
                  + "; the first start, or: key init, makes it");
        }
        SoftHsm.use(config.tokensDir());
      }
      TokenConfig first = config.firstToken();
      for (String label : KeyRing.read(config)) {
        probes.add(one(config, first.withKeyLabel(label)));
      }
    } catch (TokenException | IOException e) {
      probes.add(new TokenProbe(config.keyLabel(), String.valueOf(e.getMessage()), 0, 0));
    }
    for (SlotOptions.Standby standby : config.slotOptions().standby()) {
      try {
        probes.add(one(config, standby.token(config.keyType())));
      } catch (TokenException e) {
        probes.add(new TokenProbe(standby.keyLabel(), String.valueOf(e.getMessage()), 0, 0));
      }
    }
    return probes;
  }

  private static TokenProbe one(SignerConfig config, TokenConfig token) {
    String name = "key '" + token.keyLabel() + "' of token '" + token.tokenLabel() + "'";
    try (SigningToken open =
        SigningToken.open(config.slotOptions().driver().driver(token), token.keyType())) {
      long[] nanos = new long[SIGNATURES];
      for (int i = 0; i < SIGNATURES; i++) {
        long start = System.nanoTime();
        open.prove();
        nanos[i] = System.nanoTime() - start;
      }
      double perSecond = SIGNATURES * NANOS_PER_SECOND / Arrays.stream(nanos).sum();
      Arrays.sort(nanos);
      return new TokenProbe(name, "", nanos[SIGNATURES / 2], perSecond);
    } catch (TokenException e) {
      return new TokenProbe(name, String.valueOf(e.getMessage()), 0, 0);
    }
  }

  /** What is wrong with a PIN file, or an empty text; the PIN is wiped at once. */
  public static String pinFileTrouble(SignerConfig config) {
    try (Pin _ = Pin.read(config.pinFile())) {
      return "";
    } catch (TokenException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
