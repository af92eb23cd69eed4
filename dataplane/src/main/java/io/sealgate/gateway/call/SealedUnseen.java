package io.sealgate.gateway.call;

import io.sealgate.gateway.seal.SealWaiter;

/** Waits for a record that no answer depends on: its call is over. */
enum SealedUnseen implements SealWaiter {
  INSTANCE;

  @Override
  public void sealed(final String shard, final long index) {
    // Nothing is held for this record.
  }

  @Override
  public void failed(final String reason) {
    // Nothing was released that this record would have had to precede.
  }
}
