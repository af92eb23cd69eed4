package io.sealgate.gateway.run;

import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.policy.FindingTypeNames;

/** Tells policies the classifier's finding types: the two engines do not know each other. */
public final class ClassifierTypes implements FindingTypeNames {
  @Override
  public int[] idsOf(final String nameOrAliasOrGroup) {
    return FindingTypes.idsOf(nameOrAliasOrGroup);
  }

  @Override
  public String name(final int id) {
    return FindingTypes.name(id);
  }

  @Override
  public int count() {
    return FindingTypes.count();
  }
}
