/** Organisations of any size to measure the policy engine with, and what they take. */
package io.sealgate.perf.policy;
