package io.sealgate.signer.token;

import java.nio.file.Path;

/** A SoftHSM token in a test's own folder. */
public record TokenFixture(Path tokensDir, Path soPinFile, TokenConfig config) {
  /** Creates the token. */
  public static TokenFixture in(Path dir, KeyType keyType) throws Exception {
    Path tokens = dir.resolve("tokens");
    SoftHsm.use(tokens);
    TokenConfig config =
        new TokenConfig(
            SoftHsm.findModule(),
            "sealgate-test",
            "log-key",
            keyType,
            dir.resolve("secrets").resolve("token-pin"));
    TokenFixture fixture =
        new TokenFixture(tokens, dir.resolve("secrets").resolve("token-so-pin"), config);
    SoftHsm.ensureToken(config, fixture.soPinFile());
    return fixture;
  }

  SigningToken open() throws TokenException {
    return SigningToken.open(new Pkcs11Driver(config), config.keyType());
  }
}
