/** Hyperscan's C interface, bound by java.lang.foreign. */
package io.sealgate.classify.hyperscan;
