package io.sealgate.classify.json;

/**
 * Bounds on one JSON body.
 *
 * @param depthMax containers open at once
 * @param nodesMax values and keys together
 * @param stringBytesMax bytes of one string as written on the wire, without its quotes
 * @param bodyBytesMax bytes of the whole body
 */
public record JsonLimits(int depthMax, int nodesMax, int stringBytesMax, int bodyBytesMax) {
  /** Deep enough for generated tool schemas, large enough for inline images. */
  public static final JsonLimits DEFAULT =
      new JsonLimits(128, 1_000_000, 32 * 1024 * 1024, 64 * 1024 * 1024);

  public JsonLimits {
    requirePositive("depthMax", depthMax);
    requirePositive("nodesMax", nodesMax);
    requirePositive("stringBytesMax", stringBytesMax);
    requirePositive("bodyBytesMax", bodyBytesMax);
  }

  private static void requirePositive(final String name, final int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive but is " + value);
    }
  }
}
