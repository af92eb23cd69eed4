package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.store.StateStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyStoreTest {
  @TempDir Path dir;

  private static PolicyDocument document(String name, String model) throws PolicyException {
    return TestTypes.document(
        "policy_name: "
            + name
            + " # kept\nrules: [{type: model_access, models: ["
            + model
            + "]}]\n");
  }

  private static PolicyStore.Version publish(PolicyStore store, String org, PolicyDocument... docs)
      throws Exception {
    final List<PolicyDocument> list = List.of(docs);
    return store.publish(
        org, list, PolicyCompiler.compile(org, list, TestTypes.TYPES), "ada", 1_000);
  }

  @Test
  void shouldKeepEveryVersionWhenReopened() throws Exception {
    final PolicyDocument a = document("a", "gpt-4");
    final PolicyDocument b = document("b", "o3");
    final PolicyDocument changed = document("a", "gpt-5");
    final PolicyStore.Version last;
    try (StateStore state = StateStore.open(dir)) {
      final PolicyStore store = new PolicyStore(state);
      assertEquals(Optional.empty(), store.active("acme"));
      assertEquals(1, publish(store, "acme", a).number());
      assertEquals(2, publish(store, "acme", a, b).number());
      assertEquals(1, publish(store, "acme-eu", b).number());
      last = publish(store, "acme", changed, b);
      assertEquals(last, store.active("acme").orElseThrow());
    }
    try (StateStore state = StateStore.open(dir)) {
      final PolicyStore store = new PolicyStore(state);
      final PolicyStore.Version active = store.active("acme").orElseThrow();
      assertEquals(last, active);
      assertEquals(3, active.number());
      assertEquals("ada", active.author());
      final List<PolicyDocument> docs = store.documents(active, TestTypes.TYPES);
      assertEquals(List.of("a", "b"), docs.stream().map(PolicyDocument::name).toList());
      assertArrayEquals(changed.source(), docs.getFirst().source());
      assertEquals(active.snapshotId(), PolicyCompiler.compile("acme", docs, TestTypes.TYPES).id());
      final List<PolicyStore.Version> history = store.history("acme", 1, 100);
      assertEquals(List.of(1L, 2L, 3L), history.stream().map(v -> v.number()).toList());
      assertEquals(List.of(2L), store.history("acme", 2, 1).stream().map(v -> v.number()).toList());
      assertArrayEquals(
          a.source(), store.documents(history.getFirst(), TestTypes.TYPES).getFirst().source());
      assertEquals(List.of("acme", "acme-eu"), store.orgs());
      assertEquals(4, publish(store, "acme", a).number());
    }
  }

  @Test
  void shouldSayWhatToDoWhenAStoredTextIsDamaged() throws Exception {
    try (StateStore state = StateStore.open(dir)) {
      final PolicyStore store = new PolicyStore(state);
      final PolicyStore.Version version = publish(store, "acme", document("a", "gpt-4"));
      final byte[] key = version.documents().getFirst().textId().getBytes();
      state.write(batch -> batch.put("policy-texts", key, new byte[] {'x'}));
      final IllegalStateException e =
          assertThrows(
              IllegalStateException.class,
              () -> new PolicyStore(state).documents(version, TestTypes.TYPES));
      assertTrue(e.getMessage().contains("policy a is damaged; restore"), e::getMessage);
    }
  }

  @Test
  void shouldRefuseWhenAnOrgCannotBeAKey() throws Exception {
    try (StateStore state = StateStore.open(dir)) {
      final PolicyStore store = new PolicyStore(state);
      final PolicyDocument doc = document("a", "gpt-4");
      for (final String org : List.of("", "a\0b", "x".repeat(257))) {
        assertThrows(IllegalArgumentException.class, () -> publish(store, org, doc));
      }
    }
  }
}
