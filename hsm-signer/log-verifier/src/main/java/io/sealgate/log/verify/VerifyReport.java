package io.sealgate.log.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealgate.log.JcsWriter;
import java.util.List;

/**
 * The outcome of a verification.
 *
 * @param exit the class of the outcome
 * @param shards shards looked at
 * @param records records whose hashes were recomputed
 * @param leftOut records of which only the leaf hash was there, because the export leaves them out
 * @param checkpoints checkpoints verified, those from elsewhere included
 * @param cosigned records covered by a checkpoint that enough witnesses cosigned, over all shards;
 *     0 where the trust file asks for no witness
 * @param shard the shard with the problem, or null
 * @param firstBadIndex the first record the problem concerns, or -1 where it concerns none
 * @param problem what is wrong, or null
 * @param notCanonical records that are not canonical JSON (RFC 8785); they are sealed all the same
 * @param firstNotCanonical index of the first of them in its shard, or -1
 * @param warnings what should be looked at although the log holds together
 */
public record VerifyReport(
    VerifyExit exit,
    int shards,
    long records,
    long leftOut,
    long checkpoints,
    long cosigned,
    String shard,
    long firstBadIndex,
    String problem,
    long notCanonical,
    long firstNotCanonical,
    List<String> warnings) {
  /** Whether everything held. */
  public boolean ok() {
    return exit == VerifyExit.VERIFIED;
  }

  /** The report for people; one line, and one for each warning. */
  public String toText() {
    StringBuilder out = new StringBuilder();
    if (ok()) {
      out.append("verified: ").append(records).append(" records and ").append(checkpoints);
      out.append(" checkpoints in ").append(shards).append(shards == 1 ? " shard" : " shards");
      if (leftOut > 0) {
        out.append("; of ").append(leftOut).append(" more only the hashes are there");
      }
      if (cosigned > 0) {
        out.append("; ").append(cosigned).append(" records are covered by witnesses");
      }
    } else {
      out.append("NOT verified (").append(exit).append("): ").append(problem);
      if (shard != null) {
        out.append(" (shard ").append(shard).append(", first bad index ");
        out.append(firstBadIndex).append(')');
      }
    }
    warnings.forEach(warning -> out.append("\nwarning: ").append(warning));
    return out.toString();
  }

  /** The report as one canonical JSON object. */
  public String toJson() {
    JcsWriter out = new JcsWriter().reset().beginObject();
    out.name("checkpoints").value(checkpoints);
    out.name("cosigned").value(cosigned);
    out.name("exit").value(exit.name());
    out.name("firstBadIndex").value(firstBadIndex);
    out.name("firstNotCanonical").value(firstNotCanonical);
    out.name("leftOut").value(leftOut);
    out.name("notCanonical").value(notCanonical);
    out.name("ok").value(ok());
    text(out, "problem", problem);
    out.name("records").value(records);
    text(out, "shard", shard);
    out.name("shards").value(shards);
    out.name("warnings").beginArray();
    warnings.forEach(out::value);
    out.endArray().endObject();
    return new String(out.toByteArray(), UTF_8);
  }

  private static void text(JcsWriter out, String name, String value) {
    out.name(name);
    if (value == null) {
      out.nullValue();
    } else {
      out.value(value);
    }
  }
}
