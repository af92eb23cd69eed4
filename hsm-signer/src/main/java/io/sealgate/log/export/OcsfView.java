package io.sealgate.log.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealgate.log.JcsWriter;
import io.sealgate.log.Merkle;
import io.sealgate.log.TlogProof;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A decision record as an OCSF 1.9 event of class API Activity (6003) with the profiles {@code
 * ai_operation}, {@code security_control} and {@code record_integrity}.
 *
 * <p>What is attested is the sealed record, whole in {@code raw_data}: its fingerprint is SHA-256
 * over these bytes, in JCS (serialization 2). The signature that covers it is the log's over its
 * tree head, so the proof stands in {@code unmapped.tlog_proof} (C2SP tlog-proof).
 */
public final class OcsfView {
  private static final String VERSION = "1.9.0";
  private static final long CATEGORY_APPLICATION = 6;
  private static final long CLASS_API_ACTIVITY = 6_003;
  private static final long ACTIVITY_OTHER = 99;
  private static final long ALGORITHM_SHA256 = 3;
  private static final long SERIALIZATION_JCS = 2;
  private static final long STATUS_SUCCESS = 1;

  private OcsfView() {}

  /** Decisions in OCSF's terms: action, disposition and severity. */
  private enum Disposition {
    ALLOW(1, 1, "Allowed", 1),
    MODIFY(1, 11, "Corrected", 2),
    SANDBOX(1, 4, "Isolated", 2),
    THROTTLE(2, 25, "Rejected", 2),
    ESCALATE(2, 14, "Delayed", 2),
    BLOCK(2, 2, "Blocked", 3),
    OTHER(0, 99, "Other", 1);

    private final long action;
    private final long id;
    private final String caption;
    private final long severity;

    Disposition(long action, long id, String caption, long severity) {
      this.action = action;
      this.id = id;
      this.caption = caption;
      this.severity = severity;
    }

    private static Disposition of(String done) {
      for (Disposition each : values()) {
        if (each.name().equalsIgnoreCase(done)) {
          return each;
        }
      }
      return OTHER;
    }
  }

  /**
   * The event as one canonical JSON object.
   *
   * @param origin the log the record is in
   * @param proof the record's proof, or null to leave it out
   * @throws IOException if the record is not of a decision
   */
  public static String of(byte[] record, String origin, long index, TlogProof proof)
      throws IOException {
    RecordFields fields = RecordFields.decision(record);
    Disposition disposition = Disposition.of(fields.text("done"));
    String fingerprint = HexFormat.of().formatHex(sha256(record));
    JcsWriter out = new JcsWriter().reset().beginObject();
    out.name("action_id").value(disposition.action);
    out.name("activity_id").value(ACTIVITY_OTHER);
    out.name("activity_name").value("Invoke");
    out.name("actor").beginObject().name("user");
    user(out, fields);
    out.endObject();
    out.name("ai_model").beginObject();
    out.name("ai_provider").value(orUnknown(fields.text("upstream")));
    out.name("name").value(orUnknown(fields.text("call", "model")));
    out.endObject();
    out.name("api").beginObject();
    out.name("operation").value(orUnknown(fields.text("call", "dialect")));
    out.name("request").beginObject().name("uid").value(orUnknown(fields.text("request_id")));
    out.endObject().endObject();
    attestation(out, origin, index, record, fingerprint);
    out.name("category_uid").value(CATEGORY_APPLICATION);
    out.name("class_uid").value(CLASS_API_ACTIVITY);
    out.name("disposition").value(disposition.caption);
    out.name("disposition_id").value(disposition.id);
    metadata(out, fields, origin, index);
    out.name("policy").beginObject();
    out.name("desc").value(orUnknown(fields.text("policy", "reason")));
    out.name("name").value(orUnknown(fields.policy()));
    out.name("uid").value(orUnknown(fields.text("policy", "rule")));
    out.name("version").value(orUnknown(fields.text("policy", "snapshot")));
    out.endObject();
    out.name("raw_data").value(new String(record, UTF_8));
    out.name("raw_data_hash");
    fingerprint(out, fingerprint);
    out.name("raw_data_size").value(record.length);
    out.name("severity_id").value(disposition.severity);
    out.name("src_endpoint").beginObject().name("uid");
    out.value(orUnknown(fields.text("caller", "api_key"))).endObject();
    out.name("status_id").value(STATUS_SUCCESS);
    out.name("time").value(millis(fields.text("time")));
    out.name("type_uid").value(CLASS_API_ACTIVITY * 100 + ACTIVITY_OTHER);
    out.name("unmapped").beginObject();
    out.name("environment").value(orUnknown(fields.text("caller", "environment")));
    out.name("redactions").value(fields.number(0, "redactions"));
    if (proof != null) {
      out.name("tlog_proof").value(new String(proof.toBytes(), UTF_8));
    }
    out.name("use_case").value(orUnknown(fields.text("caller", "use_case")));
    out.endObject().endObject();
    return new String(out.toByteArray(), UTF_8);
  }

  private static void user(JcsWriter out, RecordFields fields) {
    out.beginObject();
    out.name("groups").beginArray();
    if (fields.text("caller", "team") != null) {
      out.beginObject().name("name").value(fields.text("caller", "team")).endObject();
    }
    out.endArray();
    out.name("name").value(orUnknown(fields.text("caller", "user")));
    out.name("org").beginObject().name("name").value(orUnknown(fields.text("caller", "org")));
    out.endObject().endObject();
  }

  private static void attestation(
      JcsWriter out, String origin, long index, byte[] record, String fingerprint) {
    out.name("attestation_list").beginArray().beginObject();
    out.name("authority_uid").value(origin);
    out.name("chain_uid").value(origin);
    out.name("fingerprint");
    fingerprint(out, fingerprint);
    out.name("serialization").value("JCS");
    out.name("serialization_id").value(SERIALIZATION_JCS);
    out.name("uid")
        .value(origin + "#" + index + "/" + HexFormat.of().formatHex(Merkle.leafHash(record)));
    out.endObject().endArray();
  }

  private static void fingerprint(JcsWriter out, String value) {
    out.beginObject().name("algorithm").value("SHA-256");
    out.name("algorithm_id").value(ALGORITHM_SHA256);
    out.name("value").value(value).endObject();
  }

  private static void metadata(JcsWriter out, RecordFields fields, String origin, long index) {
    out.name("metadata").beginObject();
    out.name("correlation_uid").value(orUnknown(fields.text("request_id")));
    out.name("log_name").value(origin);
    out.name("original_time").value(orUnknown(fields.text("time")));
    out.name("product").beginObject();
    out.name("name").value("Sealgate");
    out.name("uid").value(orUnknown(fields.text("gateway", "instance")));
    out.name("vendor_name").value("Sealgate").endObject();
    out.name("profiles").beginArray();
    out.value("ai_operation").value("security_control").value("record_integrity").endArray();
    out.name("sequence").value(index);
    out.name("uid").value(origin + "#" + index);
    out.name("version").value(VERSION);
    out.endObject();
  }

  private static long millis(String time) throws IOException {
    try {
      return Instant.parse(String.valueOf(time)).toEpochMilli();
    } catch (DateTimeException e) {
      throw new IOException("the record has no readable time; show it with --view record", e);
    }
  }

  private static byte[] sha256(byte[] record) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(record);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String orUnknown(String text) {
    return text == null ? "Unknown" : text;
  }
}
