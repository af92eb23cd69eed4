package io.sealgate.gateway.config;

import java.math.BigDecimal;

/**
 * What a million tokens cost, in US dollars with at most six decimals. The integer forms are exact:
 * one dollar a million tokens is 1,000,000 microdollars a million tokens.
 */
public record Price(
    @Setting(says = "A million tokens of input.", fallback = "0", max = 1_000_000) BigDecimal input,
    @Setting(says = "A million tokens of output.", fallback = "0", max = 1_000_000)
        BigDecimal output) {

  static final int DECIMALS_MAX = 6;

  /** Price of a million input tokens in microdollars. */
  public long inputMicrodollars() {
    return input.movePointRight(DECIMALS_MAX).longValueExact();
  }

  /** Price of a million output tokens in microdollars. */
  public long outputMicrodollars() {
    return output.movePointRight(DECIMALS_MAX).longValueExact();
  }
}
