package io.sealgate.policy.cel;

import java.util.Optional;

/** What an expression may read, and how strictly it is judged before it runs. */
public interface Schema {
  /** How the text is parsed and type-checked. */
  FrontEnd frontEnd();

  /**
   * The variable of a name, if there is one and it may be read as a whole.
   *
   * @throws RefusedException if the schema has a reason why not
   */
  Optional<Expr.Read> variable(String name) throws RefusedException;

  /**
   * A map variable's entry at a literal key, for maps whose keys are known beforehand.
   *
   * @throws RefusedException if the map can have no such key
   */
  default Optional<Expr.Read> entry(String variable, String key) throws RefusedException {
    return Optional.empty();
  }

  /** The size of a variable as an INT, where it is known without reading the variable. */
  default Optional<Expr.Read> size(String variable) {
    return Optional.empty();
  }

  /**
   * An INT that is above zero if a list variable holds a literal, for lists whose elements are
   * known beforehand.
   *
   * @throws RefusedException if the list can hold no such element
   */
  default Optional<Expr.Read> count(String variable, String element) throws RefusedException {
    return Optional.empty();
  }

  /** Whether the static cost bound holds, and a literal that can only fail is refused. */
  boolean publishes();
}
