package io.sealgate.policy;

import io.sealgate.policy.index.ScopeIndex;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The index of each organisation's last snapshot, as long as that is in use: a publish that leaves
 * all scopes as they are, such as one that edits a condition, takes it over. Any thread.
 */
final class IndexCache {
  /**
   * All that an index is made of.
   *
   * @param kind null for the one that suits the size
   * @param tree the very same object
   * @param patterns by their ids
   * @param scopes digest of what the rules are about, in the order of the rules
   */
  record Key(
      ScopeIndex.Kind kind,
      TeamTree tree,
      int typeCount,
      List<PolicyPattern> patterns,
      String scopes) {}

  private record Entry(Key key, WeakReference<RuleIndex> index) {}

  private final Map<String, Entry> byOrg = new HashMap<>();

  /** Finds or makes an index. */
  RuleIndex index(String org, Key key, Supplier<RuleIndex> maker) {
    final Entry before;
    synchronized (this) {
      before = byOrg.get(org);
    }
    final RuleIndex known = before == null ? null : before.index().get();
    if (known != null && before.key().equals(key)) {
      return known;
    }
    final RuleIndex made = maker.get();
    synchronized (this) {
      byOrg.values().removeIf(entry -> entry.index().get() == null);
      byOrg.put(org, new Entry(key, new WeakReference<>(made)));
    }
    return made;
  }
}
