/**
 * Witnessing of logs (C2SP tlog-witness): the client that asks others to cosign our checkpoints,
 * and the service that cosigns theirs.
 */
package io.sealgate.log.witness;
