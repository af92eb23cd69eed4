/** Runs JMH benchmarks and says what they measured: tables, targets and plots. */
package io.sealgate.perf.report;
