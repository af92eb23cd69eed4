package io.sealgate.policy;

/**
 * A pattern of the organisation's own that the classifier must look for.
 *
 * @param name what findings of it are called
 * @param expression a literal keyword, or RE2 syntax when {@code regex}
 * @param regex whether the expression is a regular expression
 */
public record PolicyPattern(String name, String expression, boolean regex) {}
