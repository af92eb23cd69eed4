package io.sealgate.log;

/** What decides whether a signature is good. Called by any number of threads at once. */
@FunctionalInterface
public interface SignatureChecker {
  /** The JDK's own signature classes. */
  SignatureChecker JDK = Vkey::verifies;

  /** Whether the signature is the key's over the text, as {@link Vkey#verifies} defines it. */
  boolean good(Vkey key, byte[] text, byte[] signature);
}
