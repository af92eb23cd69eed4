package io.sealgate.classify.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.pack.Rule;

/**
 * Key files of Google Cloud service accounts: JSON that names the type {@code service_account} and,
 * close after it, a {@code private_key_id} of forty hexadecimal digits. The hit ends with that id;
 * the key itself is a {@code PRIVATE_KEY}. Stateless.
 */
public final class ServiceAccounts implements AnchorRule {
  private static final int ID_DIGITS = 40;

  /** Between the name of the field and the id: quotes, a colon, spaces, escapes. */
  private static final int GAP_BYTES_MAX = 12;

  private static final byte[] FIELD = "private_key_id".getBytes(US_ASCII);

  private final int type;
  private final int scoreMicros;

  public ServiceAccounts(final Rule rule) {
    type = rule.type();
    scoreMicros = rule.scoreMicros();
  }

  @Override
  public void confirm(
      final byte[] text,
      final int length,
      final int anchorStart,
      final int anchorEnd,
      final Hits out) {
    final int limit = Math.min(length, anchorStart + Reach.SPAN_BYTES_MAX);
    final int field = TokenText.indexOf(text, anchorEnd, limit, FIELD);
    if (field < 0) {
      return;
    }
    int id = field + FIELD.length;
    final int latest = Math.min(limit, id + GAP_BYTES_MAX);
    while (id < latest && text[id] != Reach.SEPARATOR && !TokenClass.HEX.has(text[id])) {
      id++;
    }
    final int end = TokenClass.HEX.runEnd(text, id, Math.min(limit, id + ID_DIGITS));
    if (end - id == ID_DIGITS
        && TokenText.tokenEnds(text, end, length)
        && TokenText.indexOf(text, anchorEnd, field, new byte[] {Reach.SEPARATOR}) < 0) {
      out.add(type, anchorStart, end, scoreMicros, Evidence.FORMAT);
    }
  }
}
