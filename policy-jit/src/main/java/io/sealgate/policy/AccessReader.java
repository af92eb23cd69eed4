package io.sealgate.policy;

import io.sealgate.policy.RuleSpec.Action;
import io.sealgate.policy.RuleSpec.ModelAccess;
import io.sealgate.policy.RuleSpec.ToolAccess;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads who may use which model or tool. */
final class AccessReader {
  private static final long DOLLARS_PER_DAY_MAX = 1_000_000_000L;
  private static final long RESULT_BYTES_MAX = 1L << 30;
  private static final int FAILURES_MAX = 1_000_000;
  private static final long SECONDS_MAX = 86_400;

  private AccessReader() {}

  static ModelAccess modelAccess(Fields fields) throws PolicyException {
    final Action action = action(fields);
    fields.required("models", "list the models it is about, '*' for all");
    if (action != Action.ALLOW) {
      fields.refuseUnless(
          !fields.has("max_cost_per_day"), "max_cost_per_day", "only an admission has a cap");
    }
    return new ModelAccess(
        action,
        sandbox(fields, action),
        List.copyOf(fields.names("models")),
        List.copyOf(fields.names("providers")),
        fields.microDollars("max_cost_per_day", -1, DOLLARS_PER_DAY_MAX));
  }

  static ToolAccess toolAccess(Fields fields) throws PolicyException {
    final Action action = action(fields);
    fields.required("tools", "list the tools it is about, '*' for all");
    return new ToolAccess(
        action,
        sandbox(fields, action),
        List.copyOf(fields.names("servers")),
        List.copyOf(fields.names("tools")),
        fields.whole("max_result_bytes", -1, 1, RESULT_BYTES_MAX),
        fields.has("breaker") ? Optional.of(breaker(fields.mapping("breaker"))) : Optional.empty());
  }

  private static Action action(Fields fields) throws PolicyException {
    return Action.valueOf(
        fields
            .oneOf("action", "allow", List.of("allow", "deny", "sandbox"))
            .toUpperCase(Locale.ROOT));
  }

  private static SandboxProfile sandbox(Fields fields, Action action) throws PolicyException {
    fields.refuseUnless(
        action == Action.SANDBOX || !fields.has("sandbox"),
        "sandbox",
        "a profile needs action: sandbox");
    return action != Action.SANDBOX
        ? SandboxProfile.NONE
        : SandboxProfile.valueOf(
            fields
                .oneOf("sandbox", "isolated", List.of("read_only", "no_tools", "isolated"))
                .toUpperCase(Locale.ROOT));
  }

  static RuleSpec.Breaker breaker(Fields fields) throws PolicyException {
    fields.refuseUnknown("a breaker", SchemaFields.BREAKER);
    fields.required("failures", "say after how many failures it opens");
    return new RuleSpec.Breaker(
        (int) fields.whole("failures", 0, 1, FAILURES_MAX),
        fields.whole("window_seconds", 60, 1, SECONDS_MAX) * 1_000,
        fields.whole("open_seconds", 30, 1, SECONDS_MAX) * 1_000);
  }
}
