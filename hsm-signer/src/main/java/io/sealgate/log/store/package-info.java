/**
 * The log on disk: shards in LMDB environments, written by one signer and read by any process of
 * the host.
 */
package io.sealgate.log.store;
