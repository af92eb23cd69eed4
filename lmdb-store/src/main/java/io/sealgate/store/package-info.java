/**
 * Durable bytes on LMDB: {@link io.sealgate.store.StateStore} for small state, {@link
 * io.sealgate.store.StoreEnv} for log shards.
 */
package io.sealgate.store;
