package io.sealgate.signer;

import io.sealgate.signer.token.TokenDriver;
import io.sealgate.signer.token.TokenException;
import java.security.PublicKey;
import java.util.concurrent.CountDownLatch;

/** A real token that can be told to hang or to sign something else, as failing devices do. */
final class FaultyDriver implements TokenDriver {
  private final TokenDriver token;

  /** Signatures to be made over another text. */
  volatile int wrongSignatures;

  /** When set, a signature waits for it. */
  volatile CountDownLatch hang;

  FaultyDriver(TokenDriver token) {
    this.token = token;
  }

  @Override
  public byte[] sign(byte[] text) throws TokenException {
    CountDownLatch wait = hang;
    if (wait != null) {
      try {
        wait.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    if (wrongSignatures > 0) {
      wrongSignatures = wrongSignatures - 1;
      return token.sign(new byte[] {1});
    }
    return token.sign(text);
  }

  @Override
  public void connect() throws TokenException {
    token.connect();
  }

  @Override
  public void reopenSession() throws TokenException {
    token.reopenSession();
  }

  @Override
  public void login() throws TokenException {
    token.login();
  }

  @Override
  public void findKey() throws TokenException {
    token.findKey();
  }

  @Override
  public void reset() throws TokenException {
    token.reset();
  }

  @Override
  public PublicKey publicKey() {
    return token.publicKey();
  }

  @Override
  public void close() {
    token.close();
  }
}
