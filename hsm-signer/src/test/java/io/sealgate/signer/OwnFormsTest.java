package io.sealgate.signer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.Dsse;
import io.sealgate.log.JcsWriter;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.Vkey;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.signer.client.SealClient;
import io.sealgate.signer.token.DriverKind;
import io.sealgate.signer.token.KeyType;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that writes what only the signer may write. */
class OwnFormsTest {
  @TempDir Path dir;

  private final AtomicReference<SignerException> fatal = new AtomicReference<>();
  private final Answers answers = new Answers();

  private static List<byte[]> forgeries(LogOrigin origin) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    Vkey stranger = Vkey.of(origin.name(), generator.generateKeyPair().getPublic());
    SignerEvents events = new SignerEvents("00", Clock.systemUTC());
    byte[] add = events.keyAdd(origin, stranger, 0);
    JcsWriter nested = new JcsWriter().beginObject().name("a").beginObject();
    nested.name("schema").value(SignerEvents.SCHEMA).endObject().endObject();
    return List.of(
        add,
        events.keyRetire(origin, stranger, 1),
        events.alive("heartbeat", origin, stranger),
        events.event("shard-close", origin, Map.of("next", origin.name(), "reason", "map")),
        new JcsWriter()
            .beginObject()
            .name("schema")
            .value("sealgate.event/2")
            .endObject()
            .toByteArray(),
        nested.toByteArray(),
        new Dsse(Dsse.RECORD_TYPE, add, List.of(new Dsse.Signature("k", new byte[64]))).toBytes());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldRefuseThemFromAGatewayAndSealWhatOnlyNamesThem(boolean signEveryRecord)
      throws Exception {
    SignerConfig config =
        SignerFixture.config(dir, KeyType.P256, false)
            .withSlotOptions(
                new SlotOptions(DriverKind.IPKCS11WRAPPER, List.of(), false, signEveryRecord));
    byte[] mention =
        new JcsWriter()
            .beginObject()
            .name("note")
            .value("\"schema\":\"sealgate.event/1\"")
            .name("schema")
            .value("sealgate.admin/1")
            .endObject()
            .toByteArray();
    long index;
    int refused;
    try (Signer signer = Signer.start(config, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      Await.until("available", client::available);
      List<byte[]> forgeries = forgeries(LogOrigin.parse(signer.key().name()));
      refused = forgeries.size();
      for (int id = 0; id < refused; id++) {
        byte[] forged = forgeries.get(id);
        assertTrue(client.submit(0, id, forged, 0, forged.length));
      }
      assertTrue(client.submit(0, refused, mention, 0, mention.length));
      long last = refused;
      Await.until("receipt", () -> answers.sealed.containsKey(last));
      Await.until("every answer", () -> answers.failed.size() == last);
      index = answers.sealed.get(last);
    }
    assertNull(fatal.get());
    answers.failed.values().forEach(reason -> assertEquals("record_refused", reason));
    assertEquals(1, answers.sealed.size());
    VerifyReport report = DataVerifier.verify(config.dataDir());
    assertTrue(report.ok(), report::problem);
    try (LogReader log = LogReader.open(config.logDir())) {
      String shard = log.shards().getLast();
      assertEquals(index + 1, log.size(shard), "nothing else came in");
      assertArrayEquals(mention, Dsse.recordOf(log.record(shard, index)));
    }
  }

  @Test
  void shouldFindAMarkAtEveryPlaceAndNoneThatIsCutOff() {
    byte[] mark = ("\"schema\":\"" + SignerEvents.SCHEMA).getBytes(UTF_8);
    for (int before = 0; before < 40; before++) {
      byte[] record = new byte[before + mark.length];
      System.arraycopy(mark, 0, record, before, mark.length);
      assertTrue(OwnForms.in(record, record.length));
      // The version behind the prefix does not matter; the prefix must be whole.
      assertFalse(OwnForms.in(record, record.length - 2));
    }
  }
}
