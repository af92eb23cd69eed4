package io.sealgate.signer;

import io.sealgate.signer.token.SoftHsm;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A process that is nothing but a signer. */
public final class SignerProcess {
  private static final System.Logger LOG = System.getLogger(SignerProcess.class.getName());
  private static final long STOP_WAIT_SECONDS = 15;

  private SignerProcess() {}

  /**
   * What the process that runs {@link #run} needs in its environment, to be set by whoever starts
   * it. Empty when the token is not the software token in the data folder. No secret is in it.
   */
  public static Map<String, String> environment(SignerConfig config) {
    return ownsToken(config)
        ? Map.of(SoftHsm.CONFIG_VARIABLE, SoftHsm.configFile(config.tokensDir()).toString())
        : Map.of();
  }

  /** Whether the token is a software token in the data folder. */
  static boolean ownsToken(SignerConfig config) {
    return config.createToken() || Files.exists(SoftHsm.configFile(config.tokensDir()));
  }

  /**
   * Runs a signer until it is asked to stop by SIGTERM or, if so configured, by the end of the
   * standard input. When the log or the token cannot be trusted any more it ends the process with
   * one of {@link ExitCode}, without returning.
   *
   * @throws SignerException why it could not start; its {@link SignerException#exitCode} is for
   *     {@code System.exit}
   */
  public static void run(SignerConfig config) throws SignerException {
    CountDownLatch done = new CountDownLatch(1);
    try (Signer signer = Signer.start(config, SignerProcess::halt)) {
      Thread hook = new Thread(() -> stopAndWait(signer, done), "signer-stop");
      Runtime.getRuntime().addShutdownHook(hook);
      if (config.stopOnStdinEof()) {
        Thread.ofPlatform()
            .name("signer-stdin")
            .daemon(true)
            .start(() -> stopAtEnd(System.in, signer));
      }
      LOG.log(Level.INFO, "signing with {0}", signer.key());
      signer.awaitStopRequest();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      done.countDown();
    }
  }

  /** A shutdown hook or an exit would run code that may write; nothing may be written any more. */
  private static void halt(SignerException fatal) {
    LOG.log(Level.ERROR, "the signer ends: " + fatal.getMessage(), fatal);
    Runtime.getRuntime().halt(fatal.exitCode().status());
  }

  private static void stopAndWait(Signer signer, CountDownLatch done) {
    signer.requestStop();
    try {
      if (!done.await(STOP_WAIT_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "the signer did not stop in {0} s", STOP_WAIT_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stopAtEnd(InputStream in, Signer signer) {
    try {
      while (in.read() >= 0) {
        // Nothing is said on this stream; only its end counts.
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "standard input failed, taken as its end: {0}", e);
    }
    signer.requestStop();
  }
}
