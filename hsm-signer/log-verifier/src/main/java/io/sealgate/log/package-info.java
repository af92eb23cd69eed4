/**
 * Formats of the sealed log as pure functions: RFC 6962 trees, RFC 8785 JSON, and C2SP notes,
 * checkpoints, tiles, proofs, cosignatures and trust policies.
 */
package io.sealgate.log;
