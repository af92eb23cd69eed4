package io.sealgate.policy.index;

/** Looks at every entry. */
final class LinearIndex implements ScopeIndex {
  private final ScopeEntries entries;

  LinearIndex(ScopeEntries entries) {
    this.entries = entries;
  }

  @Override
  public void find(ScopeQuery query, CandidateBuffer out) {
    query.expectDimensions(entries.dimensions());
    out.begin();
    final int count = entries.count();
    out.probed(count);
    for (int entry = 0; entry < count; entry++) {
      if (entries.matches(entry, query)) {
        out.append(entries.rule(entry));
      }
    }
  }

  @Override
  public Kind kind() {
    return Kind.LINEAR;
  }

  @Override
  public int entryCount() {
    return entries.count();
  }

  @Override
  public long heapBytes() {
    return entries.heapBytes();
  }
}
