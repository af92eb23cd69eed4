package io.sealgate.classify.finding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FindingTypesTest {
  @Test
  void shouldGoFromNameToIdAndBack() {
    for (int id = 0; id < FindingTypes.count(); id++) {
      assertEquals(id, FindingTypes.id(FindingTypes.name(id)));
      assertArrayEquals(new int[] {id}, FindingTypes.idsOf(FindingTypes.name(id)));
    }
    assertEquals(FindingTypes.TENANT_PATTERN, FindingTypes.id("TENANT_PATTERN"));
    assertEquals(FindingTypes.JWT, FindingTypes.id("JWT"));
  }

  @Test
  void shouldNameTheKnownTypesWhenAskedForAnother() {
    final IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> FindingTypes.id("NOPE"));
    assertTrue(e.getMessage().contains("CREDIT_CARD"), e.getMessage());
  }

  @Test
  void shouldExpandAliasesAndGroupsInAnyCase() {
    assertArrayEquals(new int[] {FindingTypes.EMAIL_ADDRESS}, FindingTypes.idsOf("Email"));
    assertArrayEquals(new int[] {FindingTypes.CREDIT_CARD}, FindingTypes.idsOf("card"));
    assertArrayEquals(new int[] {FindingTypes.CREDIT_CARD}, FindingTypes.idsOf("credit_card"));
    assertArrayEquals(
        new int[] {FindingTypes.US_BANK_ACCOUNT}, FindingTypes.idsOf("us_bank_number"));
    assertArrayEquals(FindingTypes.idsOf("secret"), FindingTypes.idsOf("api_key"));
    assertEquals(6, FindingTypes.idsOf("injection").length);
    assertEquals(0, FindingTypes.idsOf("nothing").length);
  }

  @Test
  void shouldPutEveryBuiltInTypeButUrlInExactlyOneGroup() {
    final int[] groups =
        Stream.of("pii", "secret", "injection")
            .flatMapToInt(group -> Arrays.stream(FindingTypes.idsOf(group)))
            .sorted()
            .toArray();
    final int[] builtIn =
        IntStream.range(0, FindingTypes.count())
            .filter(id -> id != FindingTypes.TENANT_PATTERN && id != FindingTypes.URL)
            .toArray();
    assertArrayEquals(builtIn, groups);
  }
}
