/**
 * A load generator for chat calls: a fixed arrival schedule that no answer can slow down, and
 * saturation.
 */
package io.sealgate.perf.load;
