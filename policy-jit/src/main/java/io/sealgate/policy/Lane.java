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
  private RuleEffect.Failover route;
  private int routeRule;

  /** The first rule whose route is in conflict with {@link #route}. */
  private int conflictRule;

  void clear() {
    decision = Decision.ALLOW;
    rule = NO_RULE;
    reason = Reason.ADMITTED;
    requiredLevels = 0;
    deniedByDefault = false;
    admittedLevels = 0;
    route = null;
    conflictRule = NO_RULE;
  }

  void offer(Decision offered, int offeredRule, Reason offeredReason) {
    final int order = offered.compareTo(decision);
    if (order > 0 || order == 0 && offeredRule < rule) {
      decision = offered;
      rule = offeredRule;
      reason = offeredReason;
    }
  }

  void admit(int by, long levelBit) {
    admittedLevels |= levelBit;
    offer(Decision.ALLOW, by, Reason.ADMITTED);
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
  void route(int offeredRule, RuleEffect.Failover offered) {
    if (route == null || offered.priority() > route.priority()) {
      route = offered;
      routeRule = offeredRule;
      conflictRule = NO_RULE;
    } else if (offered != route && offered.priority() == route.priority()) {
      conflictRule =
          offered.route().equals(route.route())
              ? conflictRule
              : Math.min(conflictRule, offeredRule);
    }
  }

  void closeRoutes() {
    if (conflictRule != NO_RULE) {
      offer(Decision.BLOCK, Math.min(conflictRule, routeRule), Reason.ROUTE_CONFLICT);
    }
  }

  /** The route to take, null if no rule chooses one. */
  Route chosen() {
    return route == null ? null : route.route();
  }
}
