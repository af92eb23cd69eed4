package io.sealgate.signer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.store.LogOptions;
import io.sealgate.signer.client.ContentKeyClient;
import io.sealgate.signer.client.ContentKeyClient.ContentKey;
import io.sealgate.signer.ipc.ContentKeyWire;
import io.sealgate.signer.token.DriverKind;
import io.sealgate.signer.token.KeyType;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A gateway's questions to a real signer with a real token. */
class ContentKeyServiceTest {
  private static final String DAY = "2026-11-21";

  @TempDir Path dir;

  private SignerConfig config() {
    return SignerFixture.config(dir, KeyType.P256, LogOptions.defaults());
  }

  private static Signer start(SignerConfig config) throws SignerException {
    return Signer.start(
        config,
        fatal -> {
          throw new AssertionError(fatal);
        });
  }

  @ParameterizedTest
  @EnumSource(DriverKind.class)
  void shouldGiveTheSameKeyAgainAlsoInItsNextLife(DriverKind driver) throws Exception {
    SignerConfig config =
        config().withSlotOptions(new SlotOptions(driver, List.of(), false, false));
    ContentKeyClient client = new ContentKeyClient(config.dataDir());
    assertThrows(IOException.class, client::prove, "nobody is there");
    ContentKey made;
    try (Signer _ = start(config)) {
      client.prove();
      made = client.make(DAY);
      assertEquals(ContentKeyWire.KEY_BYTES, made.key().length);
      assertFalse(contains(made.wrapped(), made.key()), "only the token can unwrap it");
      assertEquals(
          "rw-rw----",
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(ContentKeyWire.socket(config.dataDir()))));
    }
    assertFalse(Files.exists(ContentKeyWire.socket(config.dataDir())));
    try (Signer _ = start(config)) {
      assertArrayEquals(made.key(), client.open(DAY, made.wrapped()).key());
      IOException otherDay =
          assertThrows(IOException.class, () -> client.open("2026-11-22", made.wrapped()));
      assertTrue(otherDay.getMessage().contains("sealgate-log-content"), otherDay.getMessage());
      made.wrapped()[20] ^= 1;
      assertThrows(IOException.class, () -> client.open(DAY, made.wrapped()));
      client.prove();
    }
  }

  @Test
  void shouldSayWhatIsWrongWhenTheKeyIsNotThere() throws Exception {
    SignerConfig config = config();
    try (Signer _ = start(config)) {
      Files.move(config.tokensDir(), dir.resolve("away"));
      IOException gone =
          assertThrows(IOException.class, () -> new ContentKeyClient(config.dataDir()).make(DAY));
      assertTrue(gone.getMessage().contains("wrapping key cannot be used"), gone.getMessage());
      Files.move(dir.resolve("away"), config.tokensDir());
      new ContentKeyClient(config.dataDir()).prove();
    }
  }

  /** Whoever may connect and speaks nonsense, or nothing, keeps nobody else from a key. */
  @Test
  void shouldAnswerOthersWhenSomeAskNonsenseOrNothing() throws Exception {
    SignerConfig config = config();
    Random random = new Random(3);
    UnixDomainSocketAddress address =
        UnixDomainSocketAddress.of(ContentKeyWire.socket(config.dataDir()));
    try (Signer _ = start(config);
        SocketChannel silent = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.connect(address);
      for (int round = 0; round < 50; round++) {
        try (SocketChannel nonsense = SocketChannel.open(address)) {
          byte[] bytes = new byte[1 + random.nextInt(40)];
          random.nextBytes(bytes);
          bytes[0] = (byte) (round % 2);
          nonsense.write(ByteBuffer.wrap(bytes));
        }
      }
      ContentKeyClient client = new ContentKeyClient(config.dataDir());
      client.prove();
      assertThrows(IOException.class, () -> client.make("today"));
      assertThrows(IOException.class, () -> client.open(DAY, new byte[0]));
    }
  }

  private static boolean contains(byte[] all, byte[] part) {
    for (int at = 0; at + part.length <= all.length; at++) {
      if (java.util.Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }
}
