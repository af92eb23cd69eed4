/** JMH benchmarks of the hot paths: classify, decide, seal. Each beside what it should beat. */
package io.sealgate.perf.jmh;
