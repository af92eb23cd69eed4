package io.sealgate.gateway.run;

import io.netty.channel.EventLoop;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.seal.SealLane;
import io.sealgate.gateway.seal.SealWaiter;
import io.sealgate.log.JcsWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Seals an operator's act, such as a publish, before it takes effect. Blocks; never on a loop. */
final class EventSeal {
  /** Not the schema of the log's events about itself, which the signer takes from no gateway. */
  private static final String SCHEMA = "sealgate.admin/1";

  private static final long DEADLINE_SECONDS = 10;
  private final SealLane lane;
  private final EventLoop loop;
  private final String boot;

  EventSeal(final SealLane lane, final EventLoop loop, final String boot) {
    this.lane = lane;
    this.loop = loop;
    this.boot = boot;
  }

  void seal(final String event, final String subject, final String detail) throws GatewayException {
    final JcsWriter json = new JcsWriter();
    json.reset().beginObject();
    json.name("boot").value(boot);
    json.name("detail").value(detail);
    json.name("event").value(event);
    json.name("kind").value("event");
    json.name("schema").value(SCHEMA);
    json.name("subject").value(subject);
    json.name("time").value(Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    json.endObject();
    final CompletableFuture<Long> sealed = new CompletableFuture<>();
    loop.execute(() -> submit(json, sealed));
    try {
      sealed.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (final ExecutionException | TimeoutException e) {
      throw new GatewayException(
          "audit_unavailable: the act cannot be recorded, so it is refused; see whether the signer"
              + " runs",
          e);
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatewayException("interrupted while the act was being recorded", e);
    }
  }

  private void submit(final JcsWriter json, final CompletableFuture<Long> sealed) {
    final boolean submitted =
        lane.submit(
            json.buffer(),
            json.length(),
            new SealWaiter() {
              @Override
              public void sealed(final String shard, final long index) {
                sealed.complete(index);
              }

              @Override
              public void failed(final String reason) {
                sealed.completeExceptionally(new GatewayException(reason));
              }
            });
    if (!submitted) {
      sealed.completeExceptionally(new GatewayException("the signer is unavailable"));
    }
  }
}
