package io.sealgate.classify.finding;

/**
 * Confirms what stands around a literal that Hyperscan found. Stateless along the text: the answer
 * depends on the bytes within {@link Reach} only. One instance per thread.
 */
public interface AnchorRule {
  /**
   * Adds a hit when the text around the anchor is one.
   *
   * @param text UTF-8, valid in {@code [0, length)}; segments stand apart by {@link
   *     Reach#SEPARATOR}
   * @param anchorStart first byte of the literal
   * @param anchorEnd one past its last byte
   */
  void confirm(byte[] text, int length, int anchorStart, int anchorEnd, Hits out);
}
