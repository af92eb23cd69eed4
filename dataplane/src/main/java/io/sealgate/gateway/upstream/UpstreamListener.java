package io.sealgate.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/** Receives one exchange's answer. Called on the event loop of the call; never after a cancel. */
public interface UpstreamListener {
  /** The final status and header fields; informational answers are dropped. */
  void onHead(int status, HttpHeaders headers);

  /** Some bytes of the body; the buffer is the connection's and only valid during the call. */
  void onBody(ByteBuf bytes);

  /** The answer is complete. */
  void onEnd();

  /** There will be no more; nothing else is called afterwards. */
  void onFailure(UpstreamFailure failure);
}
