package io.sealgate.classify.anchor;

/**
 * A literal that begins one or more rules.
 *
 * @param text found as its UTF-8 bytes
 * @param ignoreCase whether ASCII letters match in either case
 */
public record AnchorLiteral(String text, boolean ignoreCase) {}
