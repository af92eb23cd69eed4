package io.sealgate.signer;

import io.sealgate.signer.ipc.ContentKeyWire;
import io.sealgate.signer.ipc.ContentKeyWire.Answer;
import io.sealgate.signer.ipc.ContentKeyWire.Question;
import io.sealgate.signer.token.TokenException;
import io.sealgate.signer.token.WrappingKey;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * Makes and unwraps the day keys of the gateway's content store with the wrapping key on the token,
 * which the gateway cannot reach. Answers on threads of its own: sealing never waits for it. What
 * fails here is told to whoever asked, and ends nothing.
 */
final class ContentKeyService implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ContentKeyService.class.getName());
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

  /** Whoever asks and sends nothing holds one of these. */
  private static final int THREADS = 4;

  private static final String SOCKET_MODE = "rw-rw----";

  private final Path socket;
  private final WrappingKey key;
  private final SecureRandom random = new SecureRandom();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().name("content-keys-", 0).daemon(true).factory());
  private final ServerSocketChannel server;

  private ContentKeyService(Path socket, WrappingKey key, ServerSocketChannel server) {
    this.socket = socket;
    this.key = key;
    this.server = server;
  }

  /**
   * Listens. The key need not exist: then every answer says so.
   *
   * @throws IOException where the socket cannot be made
   */
  static ContentKeyService start(SignerConfig config) throws IOException, TokenException {
    Path socket = ContentKeyWire.socket(config.dataDir());
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    boolean ready = false;
    try {
      ContentKeyService service = new ContentKeyService(socket, config.contentKey(), server);
      // The signer's lock on the folder is held: what lies here was left by a dead one.
      Files.deleteIfExists(socket);
      server.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(SOCKET_MODE));
      Thread.ofPlatform().name("content-keys").daemon(true).start(service::accept);
      ready = true;
      return service;
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on "
              + socket
              + " ("
              + e.getMessage()
              + "); a shorter data folder may help",
          e);
    } finally {
      if (!ready) {
        server.close();
      }
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel asker = server.accept();
        threads.execute(() -> serve(asker));
      } catch (AsynchronousCloseException e) {
        LOG.log(Level.DEBUG, "no more questions for content keys");
      } catch (IOException | RuntimeException e) {
        LOG.log(Level.WARNING, "a question for a content key was lost: {0}", e.toString());
      }
    }
  }

  private void serve(SocketChannel asker) {
    try (asker;
        DataInputStream in = new DataInputStream(Channels.newInputStream(asker));
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(asker))) {
      Answer answer = answer(ContentKeyWire.readQuestion(in));
      ContentKeyWire.write(out, answer);
      if (answer.key() != null) {
        Arrays.fill(answer.key(), (byte) 0);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a question for a content key ended early: {0}", e.toString());
    }
  }

  private synchronized Answer answer(Question question) {
    try {
      byte[] none = {};
      if (question.operation() == ContentKeyWire.PROVE) {
        key.prove();
        return new Answer(null, none, none);
      }
      if (!DAY.matcher(question.day()).matches()) {
        return new Answer("a content key is for a day such as 2026-11-21", null, null);
      }
      byte[] context =
          ("sealgate content key " + question.day()).getBytes(StandardCharsets.US_ASCII);
      return switch (question.operation()) {
        case ContentKeyWire.MAKE -> {
          byte[] made = new byte[ContentKeyWire.KEY_BYTES];
          random.nextBytes(made);
          LOG.log(Level.INFO, "content key of {0} made", question.day());
          yield new Answer(null, key.wrap(made, context), made);
        }
        case ContentKeyWire.OPEN -> {
          byte[] opened = key.unwrap(question.wrapped(), context);
          LOG.log(Level.INFO, "content key of {0} given to the gateway", question.day());
          yield new Answer(null, question.wrapped(), opened);
        }
        default -> new Answer("no such operation on content keys", null, null);
      };
    } catch (TokenException e) {
      LOG.log(Level.WARNING, "content key of {0}: {1}", question.day(), e.getMessage());
      return new Answer(e.getMessage(), null, null);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "content key of " + question.day(), e);
      return new Answer("the signer failed: " + e, null, null);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
    Files.deleteIfExists(socket);
  }
}
