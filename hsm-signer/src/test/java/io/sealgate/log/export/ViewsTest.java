package io.sealgate.log.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.JcsReader;
import io.sealgate.log.NoteException;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ViewsTest {
  private static final String RECORD =
      "{\"call\":{\"dialect\":\"openai\",\"model\":\"m\\u0001\"},\"caller\":{\"api_key\":\"k1\","
          + "\"environment\":\"prod\",\"org\":\"acme\",\"team\":\"t\",\"use_case\":\"chat\","
          + "\"user\":\"ada\\\"x\"},\"decision\":\"block\",\"done\":\"block\",\"kind\":\"decision\","
          + "\"policy\":{\"reason\":\"denied_model\",\"rule\":\"models/no/gpt\",\"snapshot\":\"s1\"},"
          + "\"redactions\":2,\"request_id\":\"r-1\",\"schema\":\"sealgate.record/1\","
          + "\"time\":\"2026-11-21T10:00:00.123Z\",\"upstream\":null}";

  @Test
  void shouldShowADecisionInEightMembersInTheirOrder() throws IOException {
    assertEquals(
        "{\"decision\":\"block\",\"policy\":\"models\",\"rule\":\"no/gpt\","
            + "\"reason\":\"denied_model\",\"user\":\"ada\\\"x\",\"environment\":\"prod\","
            + "\"timestamp\":\"2026-11-21T10:00:00.123Z\",\"request_id\":\"r-1\"}",
        DecisionView.of(RECORD.getBytes(UTF_8)));
    assertEquals(
        "{\"decision\":null,\"policy\":null,\"rule\":null,\"reason\":null,\"user\":null,"
            + "\"environment\":null,\"timestamp\":null,\"request_id\":null}",
        DecisionView.of("{\"kind\":\"decision\"}".getBytes(UTF_8)));
  }

  @Test
  void shouldGiveAnOcsfEventThatHoldsTheRecordAndItsFingerprint() throws Exception {
    byte[] record = RECORD.getBytes(UTF_8);
    Map<?, ?> event =
        (Map<?, ?>) JcsReader.parse(OcsfView.of(record, "o", 7, null).getBytes(UTF_8));
    assertEquals(RECORD, event.get("raw_data"));
    assertEquals(6_003L, event.get("class_uid"));
    assertEquals(600_399L, event.get("type_uid"));
    assertEquals(2L, event.get("action_id"));
    assertEquals(2L, event.get("disposition_id"));
    assertEquals(1_795_255_200_123L, event.get("time"));
    Map<?, ?> attestation = (Map<?, ?>) ((List<?>) event.get("attestation_list")).getFirst();
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(record));
    assertEquals(
        Map.of("algorithm", "SHA-256", "algorithm_id", 3L, "value", sha256),
        attestation.get("fingerprint"));
    assertEquals(2L, attestation.get("serialization_id"));
    assertEquals("o", attestation.get("chain_uid"));
    assertTrue(((List<?>) ((Map<?, ?>) event.get("metadata")).get("profiles")).size() == 3);
    for (String required : List.of("actor", "api", "src_endpoint", "severity_id", "category_uid")) {
      assertTrue(event.containsKey(required), required);
    }
  }

  @Test
  void shouldMapEveryDecision() throws IOException {
    Map<String, Long> actions =
        Map.of(
            "allow",
            1L,
            "modify",
            1L,
            "sandbox",
            1L,
            "throttle",
            2L,
            "escalate",
            2L,
            "block",
            2L,
            "something",
            0L);
    for (Map.Entry<String, Long> each : actions.entrySet()) {
      String record = RECORD.replace("\"done\":\"block\"", "\"done\":\"" + each.getKey() + "\"");
      Map<?, ?> event =
          (Map<?, ?>)
              JcsReader.parse(OcsfView.of(record.getBytes(UTF_8), "o", 0, null).getBytes(UTF_8));
      assertEquals(each.getValue(), event.get("action_id"), each.getKey());
    }
  }

  @Test
  void shouldSayWhatToDoWhenTheRecordIsOfNoDecision() {
    byte[] outcome = "{\"kind\":\"outcome\"}".getBytes(UTF_8);
    NoteException e = assertThrows(NoteException.class, () -> DecisionView.of(outcome));
    assertTrue(e.getMessage().contains("--view record"), e.getMessage());
    assertThrows(NoteException.class, () -> OcsfView.of(outcome, "o", 0, null));
    assertThrows(IOException.class, () -> DecisionView.of("[]".getBytes(UTF_8)));
  }
}
