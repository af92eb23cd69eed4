package io.sealgate.log;

import java.io.IOException;

/** Hashes of the perfect subtrees of a tree, from wherever they are kept. */
@FunctionalInterface
public interface NodeSource {
  /**
   * The hash over the records {@code [index << level, (index + 1) << level)}. The caller may not
   * change it.
   *
   * @throws IOException if it cannot be read or is not there
   */
  byte[] node(int level, long index) throws IOException;
}
