/**
 * The sealed log: an RFC 6962 tree of records in LMDB, one shard a quarter, with C2SP checkpoints,
 * tiles and notes. Formats are pure functions apart from storage; only {@link
 * io.sealgate.log.LogWriter} writes.
 */
package io.sealgate.log;
