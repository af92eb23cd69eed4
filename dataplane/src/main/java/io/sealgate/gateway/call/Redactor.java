package io.sealgate.gateway.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sealgate.classify.Findings;
import io.sealgate.classify.Segments;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.policy.Obligations;
import java.nio.charset.StandardCharsets;

/**
 * Splices redactions into a body: outside the spans not one byte changes. A span is replaced by
 * {@code [REDACTED:TYPE]}, whatever weaker method a policy asks for; the mark is plain ASCII and so
 * stands inside any JSON string. Reusable; confined to one event loop.
 */
final class Redactor {
  private static final byte[][] MARKS = marks();
  private int redactions;

  private static byte[][] marks() {
    final byte[][] marks = new byte[FindingTypes.count()][];
    for (int type = 0; type < marks.length; type++) {
      marks[type] =
          ("[REDACTED:" + FindingTypes.name(type) + "]").getBytes(StandardCharsets.US_ASCII);
    }
    return marks;
  }

  /** How many spans the last call of {@link #redact} replaced. */
  int redactions() {
    return redactions;
  }

  /**
   * The body with every finding that must be redacted replaced.
   *
   * @param body the caller's bytes; not changed
   * @return the body itself, retained, or a new buffer; the caller owns the reference
   */
  ByteBuf redact(
      final ByteBufAllocator allocator,
      final ByteBuf body,
      final Findings findings,
      final Segments segments,
      final Obligations obligations) {
    redactions = 0;
    ByteBuf out = null;
    final int start = body.readerIndex();
    int copied = 0;
    for (int i = 0; i < findings.size(); i++) {
      if (!wanted(findings, i, obligations)) {
        continue;
      }
      final int from = segments.wireStart(findings.segment(i), findings.start(i));
      final int to = segments.wireEnd(findings.segment(i), findings.end(i));
      if (out == null) {
        out = allocator.heapBuffer(body.readableBytes() + MARKS[findings.type(i)].length);
      }
      if (from >= copied) {
        out.writeBytes(body, start + copied, from - copied);
        out.writeBytes(MARKS[findings.type(i)]);
        redactions++;
      }
      // A span that overlaps the one before is covered by its mark; its tail goes too.
      copied = Math.max(copied, to);
    }
    if (out == null) {
      return body.retain();
    }
    return out.writeBytes(body, start + copied, body.readableBytes() - copied);
  }

  private static boolean wanted(
      final Findings findings, final int i, final Obligations obligations) {
    final int type = findings.type(i);
    return type == FindingTypes.TENANT_PATTERN
        ? obligations.redactsPattern(findings.rule(i))
        : obligations.redactsType(type)
            && findings.scoreMicros(i) >= obligations.requestScoreMicros(type);
  }
}
