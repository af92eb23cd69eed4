package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class FactsTest {
  @Test
  void shouldForgetEverythingWhenCleared() {
    final Facts facts = TestTypes.facts("gpt-4").stream(true).maxTokens(5).toolCount(2);
    facts.addFinding(Facts.FINDING_TYPES_MAX - 1, 700_000);
    facts.addFinding(Facts.FINDING_TYPES_MAX - 1, 600_000);
    facts.addTenantPattern(Facts.TENANT_PATTERNS_MAX - 1);
    facts.addTenantPattern(0);
    assertEquals(2, facts.findingCount(Facts.FINDING_TYPES_MAX - 1));
    assertEquals(700_000, facts.findingScoreMicros(Facts.FINDING_TYPES_MAX - 1));
    assertEquals(2, facts.tenantPatternCount());
    facts.clear();
    assertEquals("", facts.model);
    assertEquals(0, facts.maxTokens);
    assertEquals(0, facts.findingTypeCount());
    assertEquals(0, facts.findingCount(Facts.FINDING_TYPES_MAX - 1));
    assertEquals(0, facts.findingScoreMicros(Facts.FINDING_TYPES_MAX - 1));
    assertEquals(0, facts.tenantPatternCount());
    facts.addTenantPattern(0);
    assertEquals(1, facts.tenantPatternCount());
  }

  @Test
  void shouldRefuseWhenAnIdIsOutOfRange() {
    final Facts facts = new Facts();
    for (final int id : new int[] {-1, Facts.FINDING_TYPES_MAX}) {
      assertThrows(IllegalArgumentException.class, () -> facts.addFinding(id, 0));
    }
    for (final int index : new int[] {-1, Facts.TENANT_PATTERNS_MAX}) {
      assertThrows(IllegalArgumentException.class, () -> facts.addTenantPattern(index));
    }
  }

  @Test
  void shouldCountANullAsNotSetWhenFilled() {
    assertEquals("", new Facts().user(null).user);
  }
}
