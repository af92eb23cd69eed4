package io.sealgate.policy;

import io.sealgate.policy.RuleSpec.Consent;
import io.sealgate.policy.RuleSpec.Failover;
import io.sealgate.policy.SourceNode.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads where calls go and whose consent they need. */
final class RouteReader {
  private static final int TARGETS_MAX = 16;
  private static final int ATTEMPTS_MAX = 10;
  private static final long BACKOFF_MILLIS_MAX = 60_000;
  private static final int APPROVERS_MAX = 1_000;
  private static final long EXPIRY_SECONDS_MAX = 30L * 86_400;
  private static final Set<String> FAILURES =
      new TreeSet<>(Set.of("connect", "timeout", "429", "5xx"));

  private final String file;

  RouteReader(String file) {
    this.file = file;
  }

  Failover providerFailover(Fields fields) throws PolicyException {
    fields.required("targets", "list the providers in the order in which they are tried");
    final List<Route.Target> targets = new ArrayList<>();
    for (final SourceNode item : fields.list("targets", TARGETS_MAX)) {
      final Route.Target target = target(fields, item);
      if (targets.contains(target)) {
        throw fields.refuse(item.line(), "this target is given twice", "remove one of them");
      }
      targets.add(target);
    }
    int attempts = 1;
    long backoffMillis = 0;
    Set<String> retryOn = Set.of("connect", "timeout", "5xx");
    if (fields.has("retry")) {
      final Fields retry = fields.mapping("retry");
      retry.refuseUnknown("retry", SchemaFields.RETRY);
      attempts = (int) retry.whole("attempts", 1, 1, ATTEMPTS_MAX);
      backoffMillis = retry.whole("backoff_ms", 0, 0, BACKOFF_MILLIS_MAX);
      if (retry.has("on")) {
        retryOn = new TreeSet<>(retry.names("on"));
        retry.refuseUnless(
            FAILURES.containsAll(retryOn), "on", "use of: " + String.join(", ", FAILURES));
      }
    }
    final RuleSpec.Breaker breaker =
        fields.has("breaker")
            ? AccessReader.breaker(fields.mapping("breaker"))
            : new RuleSpec.Breaker(0, 0, 0);
    return new Failover(
        new Route(
            List.copyOf(targets),
            attempts,
            backoffMillis,
            Set.copyOf(retryOn),
            breaker.failures(),
            breaker.openMillis()));
  }

  private Route.Target target(Fields fields, SourceNode item) throws PolicyException {
    if (item instanceof Mapping mapping) {
      final Fields target = new Fields(file, mapping);
      target.refuseUnknown("a target", SchemaFields.TARGET);
      return new Route.Target(
          target.requiredText("provider", "name the provider"), target.text("model", ""));
    }
    return new Route.Target(fields.name(item, "an entry of 'targets'"), "");
  }

  static Consent approvalRequired(Fields fields) throws PolicyException {
    fields.required("approvers", "list the users or roles who may approve");
    fields.list("approvers", APPROVERS_MAX);
    final Set<String> approvers = new TreeSet<>(fields.names("approvers"));
    return new Consent(
        new Approval(
            Set.copyOf(approvers),
            // A role counts as one name here, but several people may hold it.
            (int) fields.whole("quorum", 1, 1, APPROVERS_MAX),
            fields.whole("expires_seconds", 3_600, 1, EXPIRY_SECONDS_MAX) * 1_000));
  }
}
