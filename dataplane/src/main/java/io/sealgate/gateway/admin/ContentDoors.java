package io.sealgate.gateway.admin;

import io.sealgate.gateway.data.GatewayException;

/** What operators may do with kept prompts and answers. Called on any thread; blocks. */
public interface ContentDoors {
  /**
   * What was said in one call, as JSON; sealed before it is read.
   *
   * @param shard null for the newest
   * @param index of the call's decision record there
   */
  String read(String shard, long index, String reason) throws GatewayException;

  /** Erases what is kept of a person's calls; sealed before. Answers how many pieces went. */
  int erase(String org, String user, String reason) throws GatewayException;
}
