package io.sealgate.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CoresTest {
  @Test
  void shouldLeaveOneCoreFreeWhenAutoOnALargeMachine() {
    assertEquals(List.of(5), Cores.AUTO.resolve(List.of(5)));
    assertEquals(List.of(0, 1), Cores.AUTO.resolve(List.of(0, 1)));
    assertEquals(List.of(1, 2), Cores.AUTO.resolve(List.of(0, 1, 2)));
  }

  @Test
  void shouldRefuseACoreWhenTheProcessMayNotUseIt() {
    final Cores cores = new Cores(List.of(0, 9));
    final ConfigException failure =
        assertThrows(ConfigException.class, () -> cores.resolve(List.of(0, 1)));
    assertTrue(failure.getMessage().contains("core 9 is not available"), failure.getMessage());
    assertEquals(List.of(0, 9), cores.resolve(List.of(0, 8, 9)));
  }

  @Test
  void shouldReadTheKernelsListFormWhenItHasRanges() {
    assertEquals(List.of(0, 1, 2, 8, 10, 11), Cores.parseList("0-2,8,10-11"));
    assertFalse(Cores.allowedToProcess().isEmpty());
  }
}
