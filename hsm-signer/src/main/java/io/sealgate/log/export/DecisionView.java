package io.sealgate.log.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealgate.log.JcsWriter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The compact view of a decision record: eight members, always all of them, in this order. */
public final class DecisionView {
  private DecisionView() {}

  /**
   * {@code {"decision","policy","rule","reason","user","environment","timestamp","request_id"}};
   * null where the record has no such member. The decision is what was done.
   *
   * @throws IOException if the record is not of a decision
   */
  public static String of(byte[] record) throws IOException {
    RecordFields fields = RecordFields.decision(record);
    Map<String, String> view = new LinkedHashMap<>();
    view.put("decision", fields.text("done"));
    view.put("policy", fields.policy());
    view.put("rule", fields.rule());
    view.put("reason", fields.text("policy", "reason"));
    view.put("user", fields.text("caller", "user"));
    view.put("environment", fields.text("caller", "environment"));
    view.put("timestamp", fields.text("time"));
    view.put("request_id", fields.text("request_id"));
    StringBuilder out = new StringBuilder();
    JcsWriter json = new JcsWriter();
    view.forEach(
        (name, value) -> {
          out.append(out.isEmpty() ? "{" : ",").append('"').append(name).append("\":");
          json.reset();
          if (value == null) {
            json.nullValue();
          } else {
            json.value(value);
          }
          out.append(new String(json.buffer(), 0, json.length(), UTF_8));
        });
    return out.append('}').toString();
  }
}
