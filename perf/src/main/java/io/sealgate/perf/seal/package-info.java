/** Drives a signer over its own channel and counts how long records take to be sealed. */
package io.sealgate.perf.seal;
