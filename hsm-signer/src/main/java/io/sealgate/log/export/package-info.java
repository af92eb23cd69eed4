/** Evidence taken out of the log for others: static trees, proofs, and other formats' records. */
package io.sealgate.log.export;
