package io.sealgate.signer;

import io.sealgate.signer.token.KeyType;
import java.nio.file.Path;

/** The signer as a process of its own, for {@link SignerProcessTest}. */
final class SignerMain {
  private SignerMain() {}

  public static void main(String[] arguments) {
    SignerConfig config =
        SignerFixture.config(
            Path.of(arguments[0]),
            KeyType.valueOf(arguments[1]),
            Boolean.parseBoolean(arguments[2]));
    try {
      SignerProcess.run(config);
    } catch (SignerException e) {
      System.err.println(e.getMessage());
      System.exit(e.exitCode().status());
    }
  }
}
