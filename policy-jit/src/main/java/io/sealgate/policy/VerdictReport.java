package io.sealgate.policy;

import io.sealgate.policy.json.CanonicalJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** A verdict written out: names in lower case, obligations only where there are some. */
public final class VerdictReport {
  private VerdictReport() {}

  /** A verdict as canonical JSON (RFC 8785). */
  public static String json(Verdict verdict, Snapshot snapshot) {
    return CanonicalJson.write(of(verdict, snapshot));
  }

  static Map<String, Object> of(Verdict verdict, Snapshot snapshot) {
    final Map<String, Object> report = new LinkedHashMap<>();
    report.put("decision", lower(verdict.decision()));
    report.put("mode", lower(verdict.mode()));
    report.put("rule", verdict.decidingRule().toString());
    report.put("scope", verdict.decidingRule().scope());
    report.put("reason", verdict.reason().code());
    report.put("done", lower(verdict.done()));
    report.put("done_rule", verdict.doneRule().toString());
    report.put("capture", lower(verdict.capture()));
    report.put("text", verdict.reasonText());
    report.put("matched", names(verdict.matchedCount(), i -> verdict.matched(i).toString()));
    report.put("matched_total", (long) verdict.matchedTotal());
    report.put("errors", names(verdict.errorCount(), i -> verdict.error(i).toString()));
    report.put(
        "exempted",
        names(
            verdict.exemptedCount(),
            i -> verdict.exempted(i) + " by " + verdict.exemption(i).name()));
    report.put("retry_after_ms", DecisionInputs.asWritten(verdict.retryAfterMillis()));
    report.put("obligations", obligations(verdict.obligations(), snapshot));
    report.put("snapshot", verdict.snapshotId());
    return report;
  }

  private static Map<String, Object> obligations(Obligations owed, Snapshot snapshot) {
    final Map<String, Object> report = new LinkedHashMap<>();
    final Map<String, Object> request = new LinkedHashMap<>();
    final Map<String, Object> response = new LinkedHashMap<>();
    for (int type = 0; type < snapshot.typeCount(); type++) {
      put(request, snapshot.typeNames().get(type), owed.requestMethod(type));
      put(response, snapshot.typeNames().get(type), owed.responseMethod(type));
    }
    for (int i = 0; i < snapshot.patterns().size(); i++) {
      final String name = snapshot.patterns().get(i).name();
      put(request, name, owed.redactsPattern(i) ? RedactionMethod.MASK : RedactionMethod.NONE);
      put(response, name, owed.responsePatternMethod(i));
    }
    put(report, "redact_request", request);
    put(report, "redact_response", response);
    put(report, "rate_limits", names(owed.chargeCount(), i -> owed.charge(i).key()));
    put(report, "cost_caps", names(owed.costLimitCount(), i -> owed.costLimit(i).key()));
    put(report, "budgets", names(owed.budgetCount(), i -> owed.budget(i).key()));
    put(
        report,
        "budget_warnings",
        names(owed.budgetWarningCount(), i -> owed.budgetWarning(i).key()));
    put(report, "breakers", names(owed.breakerCount(), i -> owed.breaker(i).key()));
    final List<Object> approvals = new ArrayList<>();
    for (int i = 0; i < owed.approvalCount(); i++) {
      final Approval approval = owed.approval(i);
      approvals.add(
          Map.of(
              "approvers", approval.approvers().stream().sorted().toList(),
              "quorum", (long) approval.quorum(),
              "expiry_ms", approval.expiryMillis()));
    }
    put(report, "approvals", approvals);
    if (owed.sandbox() != SandboxProfile.NONE) {
      report.put("sandbox", lower(owed.sandbox()));
    }
    if (owed.resultBytesMax() >= 0) {
      report.put("result_bytes_max", owed.resultBytesMax());
    }
    if (owed.route() != null) {
      report.put(
          "route",
          owed.route().targets().stream()
              .map(t -> t.model().isEmpty() ? t.provider() : t.provider() + "/" + t.model())
              .toList());
    }
    return report;
  }

  private static void put(Map<String, Object> report, String name, RedactionMethod method) {
    if (method != RedactionMethod.NONE) {
      report.put(name, lower(method));
    }
  }

  private static void put(Map<String, Object> report, String name, List<?> items) {
    if (!items.isEmpty()) {
      report.put(name, items);
    }
  }

  private static void put(Map<String, Object> report, String name, Map<String, Object> members) {
    if (!members.isEmpty()) {
      report.put(name, members);
    }
  }

  private static List<String> names(int count, IntFunction<String> name) {
    final List<String> names = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      names.add(name.apply(i));
    }
    return names;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
