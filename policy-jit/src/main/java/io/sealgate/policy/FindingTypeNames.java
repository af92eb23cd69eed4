package io.sealgate.policy;

/**
 * The names of finding types, given to this module by whoever owns the classifier.
 *
 * <p>Ids are dense from zero. The table must not change while a {@link Snapshot} made with it is in
 * use: a snapshot keeps ids, not names. Implementations are called from any thread.
 */
public interface FindingTypeNames {
  /**
   * The ids that a name, an alias or a group stands for, without regard to case.
   *
   * @return the ids in rising order, empty if the name is unknown
   */
  int[] idsOf(String nameOrAliasOrGroup);

  /** The canonical name of a type, for example {@code CREDIT_CARD}. */
  String name(int id);

  /** How many types there are; ids run from 0 to count - 1. */
  int count();
}
