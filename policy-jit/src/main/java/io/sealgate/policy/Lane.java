package io.sealgate.policy;

/** The strictest outcome so far among some of the rules. */
final class Lane {
  static final int NO_RULE = Integer.MAX_VALUE;

  Decision decision = Decision.BLOCK;
  int rule = NO_RULE;
  Reason reason = Reason.DEFAULT_DENY;
  long requiredLevels;
  boolean deniedByDefault;
  private long admittedLevels;
  private CompiledRule.Failover route;
  private CompiledRule.Failover conflict;

  void clear() {
    decision = Decision.ALLOW;
    rule = NO_RULE;
    reason = Reason.ADMITTED;
    requiredLevels = 0;
    deniedByDefault = false;
    admittedLevels = 0;
    route = null;
    conflict = null;
  }

  void offer(Decision offered, int offeredRule, Reason offeredReason) {
    final int order = offered.compareTo(decision);
    if (order > 0 || order == 0 && offeredRule < rule) {
      decision = offered;
      rule = offeredRule;
      reason = offeredReason;
    }
  }

  void admit(CompiledRule by) {
    admittedLevels |= by.place.levelBit();
    offer(Decision.ALLOW, by.index, Reason.ADMITTED);
  }

  /** Denies what the organisation, or a node that states what it admits, does not admit. */
  void denyByDefault() {
    deniedByDefault = (admittedLevels & 1) == 0 || (requiredLevels & ~admittedLevels) != 0;
    if ((admittedLevels & 1) == 0) {
      offer(Decision.BLOCK, NO_RULE, Reason.DEFAULT_DENY);
    } else if (deniedByDefault) {
      offer(Decision.BLOCK, NO_RULE, Reason.NOT_ADMITTED_BELOW);
    }
  }

  /** Takes a route: the highest priority wins, two different ones of the same are a conflict. */
  void route(CompiledRule.Failover offered) {
    if (route == null || offered.priority > route.priority) {
      route = offered;
      conflict = null;
    } else if (offered.priority == route.priority && !offered.route.equals(route.route)) {
      conflict = conflict == null || offered.index < conflict.index ? offered : conflict;
    }
  }

  void closeRoutes() {
    if (conflict != null) {
      offer(Decision.BLOCK, Math.min(conflict.index, route.index), Reason.ROUTE_CONFLICT);
    }
  }

  /** The route to take, null if no rule chooses one. */
  Route chosen() {
    return route == null ? null : route.route;
  }
}
