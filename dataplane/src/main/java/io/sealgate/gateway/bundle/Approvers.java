package io.sealgate.gateway.bundle;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.NoteException;
import io.sealgate.log.Vkey;
import io.sealgate.policy.ExemptionClaim;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Who may approve exemptions. A file that the security team owns, in UTF-8 with one key a line, and
 * comments that start with {@code #}:
 *
 * <pre>
 * VERIFIER-KEY EXPIRES ORGANISATION
 * </pre>
 *
 * <p>The verifier key is one of C2SP signed-note, Ed25519 or P-256, and its name the approver's;
 * from {@code EXPIRES} on, such as {@code 2027-12-31T00:00:00Z}, it approves nothing. An approver
 * may have several keys. Immutable; any thread.
 */
public final class Approvers {
  /** Bound of the keys of a file. */
  public static final int KEYS_MAX = 1_024;

  private static final long FILE_BYTES_MAX = 1L << 20;
  private static final int FIELDS = 3;

  private record Key(Vkey vkey, Instant expires, String org) {}

  private final List<Key> keys;

  private Approvers(final List<Key> keys) {
    this.keys = List.copyOf(keys);
  }

  /** Reads a file; one that is not there names nobody. */
  public static Approvers read(final Path file) throws GatewayException {
    final List<Key> keys = new ArrayList<>();
    try {
      if (!Files.exists(file)) {
        return new Approvers(keys);
      }
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new GatewayException(file + " is longer than " + FILE_BYTES_MAX + " bytes; split it");
      }
      int number = 0;
      for (final String line : Files.readString(file).split("\n", -1)) {
        number++;
        if (!line.isBlank() && !line.strip().startsWith("#")) {
          keys.add(key(file + ":" + number, line.strip()));
        }
      }
    } catch (final IOException e) {
      throw new GatewayException(file + " names no approvers: " + e.getMessage(), e);
    }
    if (keys.size() > KEYS_MAX) {
      throw new GatewayException(file + " has more than " + KEYS_MAX + " keys; remove some");
    }
    return new Approvers(keys);
  }

  private static Key key(final String place, final String line) throws GatewayException {
    final String[] fields = line.split("\\s+", FIELDS);
    if (fields.length < FIELDS) {
      throw new GatewayException(
          place + ": a line is VERIFIER-KEY EXPIRES ORGANISATION; correct it");
    }
    try {
      final Vkey vkey = Vkey.parse(fields[0]);
      if (vkey.type() == Vkey.Type.COSIGNATURE_ED25519) {
        throw new GatewayException(
            place + ": a witness's key approves nothing; use Ed25519 or P-256");
      }
      return new Key(vkey, Instant.parse(fields[1]), fields[2]);
    } catch (final NoteException e) {
      throw new GatewayException(
          place + ": " + e.getMessage() + "; take the line that keygen printed", e);
    } catch (final DateTimeParseException e) {
      throw new GatewayException(
          place + ": the key expires at no moment; write it as 2027-12-31T00:00:00Z", e);
    }
  }

  /**
   * Checks a document that is to be put in force; what is no exemption needs no approval.
   *
   * @throws PolicyException unless an approver of the organisation signed the document as it stands
   */
  public void admit(final String org, final PolicyDocument document, final Instant now)
      throws PolicyException {
    if (document.exemption().isPresent()) {
      final ExemptionClaim claim = document.exemption().get();
      final Key key = signer(org, document, claim);
      if (!key.expires().isAfter(now)) {
        throw refuse(
            document,
            claim,
            "the key of " + claim.approver() + " expired at " + key.expires(),
            "have an approver sign with a key that is good");
      }
    }
  }

  /**
   * Checks a document that was {@linkplain #admit admitted} before. An exemption that is void needs
   * no key, so an approver's key can be taken away once nothing rests on it.
   *
   * @throws PolicyException if the approver's key is no longer trusted
   */
  public void keep(final String org, final PolicyDocument document, final Instant now)
      throws PolicyException {
    if (document.exemption().isPresent()
        && document.exemption().get().expiresEpochMillis() > now.toEpochMilli()) {
      signer(org, document, document.exemption().get());
    }
  }

  private Key signer(final String org, final PolicyDocument document, final ExemptionClaim claim)
      throws PolicyException {
    requireSigned(document, claim);
    if (document.org().isEmpty()) {
      throw refuse(
          document,
          claim,
          "the exemption does not say which organisation it is for",
          "add 'org' and have it signed again");
    }
    final List<Key> known =
        keys.stream()
            .filter(k -> k.org().equals(org) && k.vkey().name().equals(claim.approver()))
            .toList();
    if (known.isEmpty()) {
      throw refuse(
          document,
          claim,
          "'" + claim.approver() + "' is no approver of organisation " + org,
          "have an approver sign it, or have the security team add the key to approver-keys");
    }
    final byte[] message = claim.message().getBytes(StandardCharsets.UTF_8);
    final byte[] signature = Base64.getDecoder().decode(claim.signature());
    final Key key =
        known.stream()
            .filter(k -> k.vkey().verifies(message, signature))
            .findFirst()
            .orElseThrow(
                () ->
                    refuse(
                        document,
                        claim,
                        "the signature is not " + claim.approver() + "'s over this exemption",
                        "have it signed again after every change"));
    if (claim.expiresEpochMillis() > key.expires().toEpochMilli()) {
      throw refuse(
          document,
          claim,
          "the exemption outlives its approver's key, which expires at " + key.expires(),
          "let it end before, or have it signed with a newer key");
    }
    return key;
  }

  /**
   * Refuses an exemption without a signature; whether the signature is good takes keys.
   *
   * @param claim the document's
   */
  public static void requireSigned(final PolicyDocument document, final ExemptionClaim claim)
      throws PolicyException {
    if (!claim.isSigned()) {
      throw refuse(
          document,
          claim,
          "the exemption is not signed",
          "have " + claim.approver() + " sign it with: sealgate policy sign");
    }
  }

  private static PolicyException refuse(
      final PolicyDocument document,
      final ExemptionClaim claim,
      final String problem,
      final String fix) {
    return new PolicyException(document.fileName(), claim.line(), problem, fix);
  }
}
