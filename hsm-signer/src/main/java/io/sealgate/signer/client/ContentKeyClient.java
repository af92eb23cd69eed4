package io.sealgate.signer.client;

import io.sealgate.signer.ipc.ContentKeyWire;
import io.sealgate.signer.ipc.ContentKeyWire.Answer;
import io.sealgate.signer.ipc.ContentKeyWire.Question;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The gateway's way to the keys of its content store, which only the signer's token can unwrap. Any
 * thread; every call waits for the token, for at most some seconds, so never on an event loop.
 */
public final class ContentKeyClient {
  /** A network HSM that fails over answers within this time. */
  private static final long PATIENCE_MILLIS = 5_000;

  private static final byte[] NONE = {};

  private final Path socket;

  /** A client of the signer of a data folder, which need not run. */
  public ContentKeyClient(Path dataDir) {
    this.socket = ContentKeyWire.socket(dataDir.toAbsolutePath());
  }

  /**
   * A content key.
   *
   * @param wrapped what may be stored
   * @param key its {@value ContentKeyWire#KEY_BYTES} plain bytes; the caller wipes them
   */
  public record ContentKey(byte[] wrapped, byte[] key) {}

  /**
   * Has the signer make a key.
   *
   * @param day what it is for, as 2026-11-21 (UTC)
   * @throws IOException why not, in words for the operator
   */
  public ContentKey make(String day) throws IOException {
    return key(new Question(ContentKeyWire.MAKE, day, NONE));
  }

  /**
   * Has the token unwrap a key.
   *
   * @throws IOException why not, in words for the operator; also where the token did not wrap this
   *     for this day
   */
  public ContentKey open(String day, byte[] wrapped) throws IOException {
    return key(new Question(ContentKeyWire.OPEN, day, wrapped));
  }

  /**
   * Has the token use its wrapping key.
   *
   * @throws IOException why it cannot
   */
  public void prove() throws IOException {
    ask(new Question(ContentKeyWire.PROVE, "", NONE));
  }

  private ContentKey key(Question question) throws IOException {
    Answer answer = ask(question);
    if (answer.key().length != ContentKeyWire.KEY_BYTES) {
      throw new IOException("the signer sent a key of " + answer.key().length + " bytes");
    }
    return new ContentKey(answer.wrapped(), answer.key());
  }

  private Answer ask(Question question) throws IOException {
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      Thread.ofPlatform()
          .name("content-key-client")
          .daemon(true)
          .start(() -> exchange(channel, question, answered));
      Answer answer = answered.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      if (answer.trouble() != null) {
        throw new IOException("the token's wrapping key cannot be used: " + answer.trouble());
      }
      return answer;
    } catch (ExecutionException e) {
      throw new IOException(
          "the signer does not answer on " + socket + " (" + e.getCause().getMessage() + ")", e);
    } catch (TimeoutException e) {
      throw new IOException(
          "the token did not answer within " + PATIENCE_MILLIS + " ms for a content key", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a content key", e);
    }
  }

  /** On a thread of its own, as a read of a Unix socket has no deadline; closing ends it. */
  private void exchange(
      SocketChannel channel, Question question, CompletableFuture<Answer> answered) {
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      ContentKeyWire.write(new DataOutputStream(Channels.newOutputStream(channel)), question);
      answered.complete(
          ContentKeyWire.readAnswer(new DataInputStream(Channels.newInputStream(channel))));
    } catch (IOException | RuntimeException e) {
      answered.completeExceptionally(e);
    }
  }
}
