package io.sealgate.classify.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CryptoAddressesTest {
  private final CryptoAddresses addresses = new CryptoAddresses();

  private CryptoAddresses.Verdict judge(final String address) {
    return addresses.judge(address.getBytes(StandardCharsets.US_ASCII), 0, address.length());
  }

  /** Vectors of the Keccak team's submission, as Ethereum's documents quote them. */
  @ParameterizedTest
  @CsvSource({
    "'', c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
    "abc, 4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
    "testing, 5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02"
  })
  void shouldHashAsPublished(final String input, final String expected) {
    final byte[] bytes = input.getBytes(StandardCharsets.US_ASCII);
    final long[] state = new Keccak256().hash(bytes, bytes.length);
    final StringBuilder hex = new StringBuilder();
    for (int lane = 0; lane < 4; lane++) {
      hex.append(HexFormat.of().toHexDigits(Long.reverseBytes(state[lane])));
    }
    assertEquals(expected, hex.toString());
  }

  /** From EIP-55, BIP 173, BIP 350 and the genesis block. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"
      })
  void shouldAgreeWithPublishedAddressesAndNoneThatDiffersInOnePlace(final String address) {
    assertEquals(CryptoAddresses.Verdict.CHECKED, judge(address));
    for (int i = 2; i < address.length(); i++) {
      final char other = address.charAt(i) == '7' ? '9' : '7';
      final String broken = address.substring(0, i) + other + address.substring(i + 1);
      assertNotEquals(CryptoAddresses.Verdict.CHECKED, judge(broken), broken);
    }
  }

  @Test
  void shouldSayThatAnAddressOfOneCaseHasNoChecksum() {
    assertEquals(CryptoAddresses.Verdict.FORM, judge("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"));
    assertEquals(CryptoAddresses.Verdict.NONE, judge("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"));
    assertEquals(CryptoAddresses.Verdict.NONE, judge("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kV8f3t4"));
  }
}
