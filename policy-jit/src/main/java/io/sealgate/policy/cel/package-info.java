/**
 * CEL to bytecode: text, syntax tree (dev.cel), {@link io.sealgate.policy.cel.Expr}, one hidden
 * class per {@link io.sealgate.policy.cel.Shape}. Used by conditions of rules, which read typed
 * facts, and by the evaluation of cases, whose variables are bound to values.
 */
package io.sealgate.policy.cel;
