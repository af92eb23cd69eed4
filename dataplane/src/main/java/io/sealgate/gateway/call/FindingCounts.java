package io.sealgate.gateway.call;

import io.sealgate.classify.Findings;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.log.JcsWriter;
import java.util.Arrays;

/** Sums findings by type for a record: how many, and the highest score. Never a value. */
final class FindingCounts {
  private final int[] counts = new int[FindingTypes.count()];
  private final int[] scores = new int[FindingTypes.count()];

  void write(final Findings findings, final JcsWriter json) {
    json.beginArray();
    if (findings != null && findings.size() > 0) {
      Arrays.fill(counts, 0);
      Arrays.fill(scores, 0);
      for (int i = 0; i < findings.size(); i++) {
        final int type = findings.type(i);
        counts[type]++;
        scores[type] = Math.max(scores[type], findings.scoreMicros(i));
      }
      for (int type = 0; type < counts.length; type++) {
        if (counts[type] > 0) {
          json.beginObject();
          json.name("count").value(counts[type]);
          json.name("score_max").value(scores[type]);
          json.name("type").value(FindingTypes.name(type));
          json.endObject();
        }
      }
    }
    json.endArray();
  }
}
