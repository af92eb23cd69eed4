package io.sealgate.classify.finding;

/**
 * More raw hits in one text than {@link Hits#HITS_MAX}. The text was not read to its end, so
 * whoever catches this has to treat the call as unclassified, never as clean.
 */
public final class HitsOverflow extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public HitsOverflow() {
    super("more than " + Hits.HITS_MAX + " hits in one text; send it in smaller parts");
  }
}
