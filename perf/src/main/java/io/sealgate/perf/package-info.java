/** {@code sealgate bench}: load suites and JMH benchmarks, with their reports. */
package io.sealgate.perf;
