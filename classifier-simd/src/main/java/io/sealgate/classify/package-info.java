/**
 * Decoded text to findings: strict JSON reading with a map back to wire bytes, vector run finders
 * with checksum validators, and a Hyperscan literal and tenant-pattern pass.
 *
 * <p>The way of a call: {@link io.sealgate.classify.json.JsonTape} reads the body, the caller adds
 * the strings that matter to {@link io.sealgate.classify.Segments}, a {@link
 * io.sealgate.classify.Scanner} of the current {@link io.sealgate.classify.Classifier} fills {@link
 * io.sealgate.classify.Findings}. All four are reused call after call on one thread and allocate
 * nothing on text without findings.
 */
package io.sealgate.classify;
