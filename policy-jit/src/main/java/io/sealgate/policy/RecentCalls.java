package io.sealgate.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * The facts of some of the last calls that one thread decided, to {@linkplain Snapshot#warmUp warm
 * up} the next snapshot with. Holds no tool arguments, and no patterns, whose indexes belong to the
 * snapshot that found them. Noting a call allocates only when a new highest finding type is met.
 * Belongs to one thread.
 */
public final class RecentCalls {
  private final Facts[] kept;
  private final int step;
  private long seen;

  /**
   * @param keptMax how many calls are kept
   * @param step of so many calls one is kept, at least 1
   */
  public RecentCalls(int keptMax, int step) {
    if (keptMax < 1 || step < 1) {
      throw new IllegalArgumentException("keep at least one call, and of one at least one");
    }
    this.kept = new Facts[keptMax];
    this.step = step;
    for (int i = 0; i < keptMax; i++) {
      kept[i] = new Facts();
    }
  }

  /** Notes a call that was decided. */
  public void note(Facts facts) {
    if (seen % step == 0) {
      copy(facts, kept[(int) (seen / step % kept.length)]);
    }
    seen++;
  }

  /** The calls of an organisation that are kept, for any other thread. Allocates. */
  public List<Facts> of(String org) {
    final List<Facts> calls = new ArrayList<>();
    final long count = Math.min(kept.length, (seen + step - 1) / step);
    for (int i = 0; i < count; i++) {
      if (kept[i].org.equals(org)) {
        final Facts call = new Facts();
        copy(kept[i], call);
        calls.add(call);
      }
    }
    return calls;
  }

  private static void copy(Facts from, Facts to) {
    to.clear();
    to.org(from.org).team(from.team).user(from.user).environment(from.environment);
    to.useCase(from.useCase).apiKeyId(from.apiKeyId);
    to.model(from.model).provider(from.provider).dialect(from.dialect).stream(from.stream);
    to.maxTokens(from.maxTokens).messageCount(from.messageCount).toolCount(from.toolCount);
    to.bodyBytes(from.bodyBytes).textBytes(from.textBytes);
    to.tokenEstimate(from.tokenEstimate);
    to.costEstimateMicroDollars(from.costEstimateMicroDollars);
    to.agent(from.agent).agentAgeDays(from.agentAgeDays);
    to.tool(from.toolServer, from.toolName);
    for (int i = 0; i < from.roles.size(); i++) {
      to.addRole(from.roles.get(i));
    }
    for (int i = 0; i < from.findingTypeCount(); i++) {
      final int type = from.findingType(i);
      to.addFindings(type, from.findingCount(type), from.findingScoreMicros(type));
    }
  }
}
