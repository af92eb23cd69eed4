package io.sealgate.gateway.bundle;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.ExemptionClaim;
import io.sealgate.policy.FindingTypeNames;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes an approver's signature into the text of an exemption, which stays as it is otherwise. */
public final class ExemptionSigner {
  private ExemptionSigner() {}

  /**
   * Signs.
   *
   * @param utf8 an exemption that has no signature, names its organisation, and whose approver is
   *     the key
   * @return the text with the signature
   */
  public static byte[] sign(
      final String fileName, final byte[] utf8, final PolicyKey key, final FindingTypeNames types)
      throws PolicyException, GatewayException {
    final PolicyDocument document = PolicyDocument.parse(fileName, utf8, types);
    final ExemptionClaim claim =
        document
            .exemption()
            .orElseThrow(
                () ->
                    new GatewayException(
                        fileName + " is no exemption; only exemptions are signed one by one"));
    if (claim.isSigned()) {
      throw new PolicyException(
          fileName, claim.line(), "the exemption has a signature", "remove it to sign anew");
    }
    if (document.org().isEmpty()) {
      throw new PolicyException(
          fileName, 0, "'org' is missing", "name the organisation that it is for");
    }
    if (!claim.approver().equals(key.vkey().name())) {
      throw new PolicyException(
          fileName,
          0,
          "its approver is '" + claim.approver() + "', the key is " + key.vkey().name() + "'s",
          "have that approver sign, or name the other");
    }
    final String signature =
        Base64.getEncoder()
            .encodeToString(key.sign(claim.message().getBytes(StandardCharsets.UTF_8)));
    final byte[] signed =
        with(new String(utf8, StandardCharsets.UTF_8), signature).getBytes(StandardCharsets.UTF_8);
    requireSame(fileName, signed, claim, signature, types);
    return signed;
  }

  private static String with(final String text, final String signature) {
    final int end = text.stripTrailing().length() - 1;
    if (text.stripLeading().startsWith("{") && text.charAt(end) == '}') {
      return text.substring(0, end)
          + ", \"signature\": \""
          + signature
          + "\"}"
          + text.substring(end + 1);
    }
    return text + (text.endsWith("\n") ? "" : "\n") + "signature: " + signature + "\n";
  }

  /** The text was edited without understanding it, so what came out is read again. */
  private static void requireSame(
      final String fileName,
      final byte[] signed,
      final ExemptionClaim claim,
      final String signature,
      final FindingTypeNames types)
      throws GatewayException {
    PolicyException cause = null;
    try {
      final ExemptionClaim read =
          PolicyDocument.parse(fileName, signed, types).exemption().orElseThrow();
      if (read.message().equals(claim.message()) && read.signature().equals(signature)) {
        return;
      }
    } catch (final PolicyException e) {
      cause = e;
    }
    throw new GatewayException(
        fileName
            + " cannot take a line at its end; write it as plain YAML, one field a line, or as"
            + " JSON",
        cause);
  }
}
