package io.sealgate.gateway.run;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sealgate.gateway.admin.ContentDoors;
import io.sealgate.gateway.call.Commitments;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.content.Content;
import io.sealgate.gateway.content.Content.Part;
import io.sealgate.gateway.content.ContentMetrics;
import io.sealgate.gateway.content.ContentStore;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.Dsse;
import io.sealgate.log.JcsReader;
import io.sealgate.log.JcsWriter;
import io.sealgate.log.store.LogReader;
import io.sealgate.signer.client.ContentKeyClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Operators' way to what is kept. Every reading and every erasure is sealed in the log before it
 * happens; while nothing can be sealed, nothing is read. Any thread but the event loops.
 */
final class ContentControl implements ContentDoors {
  private static final int REASON_CHARS_MAX = 1_000;

  /** The outcome is looked for in so many records behind its decision. */
  private static final long OUTCOME_DISTANCE_MAX = 100_000;

  private final ContentStore store;
  private final Path log;
  private final PolicyControl.EventSealer events;

  ContentControl(final ContentStore store, final Path log, final PolicyControl.EventSealer events) {
    this.store = store;
    this.log = log;
    this.events = events;
  }

  /** The store of a data folder, and its metrics. */
  static ContentStore store(
      final GatewayConfig config,
      final DataFolder data,
      final byte[] secret,
      final PrometheusRegistry registry) {
    final ContentStore store =
        ContentStore.start(
            data.content(),
            new ContentKeyClient(data.root()),
            secret,
            config.content().retentionDays(),
            Clock.systemUTC());
    ContentMetrics.register(registry, store);
    return store;
  }

  @Override
  public String read(final String shard, final long index, final String reason)
      throws GatewayException {
    requireReason(reason);
    try (LogReader reader = LogReader.open(log)) {
      final List<String> shards = reader.shards();
      final String from = shard == null && !shards.isEmpty() ? shards.getLast() : shard;
      if (from == null || !shards.contains(from) || index < 0 || index >= reader.size(from)) {
        throw new GatewayException(
            "there is no record " + index + " in shard " + from + "; see: sealgate audit tail");
      }
      final Map<?, ?> decision = record(reader.record(from, index));
      if (!"decision".equals(decision.get("kind"))) {
        throw new GatewayException(
            "record " + index + " is not of a decision; give the index in x-sealgate-record");
      }
      if (!"content".equals(decision.get("capture"))) {
        throw new GatewayException(
            "nothing was kept of this call: its capture level was " + decision.get("capture"));
      }
      events.seal("content-read", from + "/" + index, reason);
      return json(reader, from, index, decision);
    } catch (final IOException | DateTimeException e) {
      throw new GatewayException(e.getMessage(), e);
    }
  }

  private String json(
      final LogReader reader, final String shard, final long index, final Map<?, ?> decision)
      throws IOException {
    final String requestId = (String) decision.get("request_id");
    final long millis = Instant.parse((String) decision.get("time")).toEpochMilli();
    final JcsWriter json = new JcsWriter().reset().beginObject();
    json.name("answer");
    write(
        json,
        requestId,
        store.read(requestId, millis, Part.ANSWER),
        commitment(outcome(reader, shard, index, requestId), "answer"));
    json.name("index").value(index);
    json.name("prompt");
    write(
        json, requestId, store.read(requestId, millis, Part.PROMPT), commitment(decision, "call"));
    json.name("request_id").value(requestId);
    json.name("shard").value(shard);
    return new String(json.endObject().toByteArray(), StandardCharsets.UTF_8) + "\n";
  }

  private static void write(
      final JcsWriter json, final String requestId, final Content content, final String committed) {
    json.beginObject();
    if (content.bytes() != null) {
      final byte[] commitment =
          new Commitments(content.salt())
              .commit(requestId, content.bytes(), 0, content.bytes().length);
      json.name("matches_record");
      json.value(
          committed != null
              && MessageDigest.isEqual(commitment, HexFormat.of().parseHex(committed)));
    }
    json.name("state").value(content.state().name().toLowerCase(Locale.ROOT));
    if (content.bytes() != null) {
      json.name("text").value(new String(content.bytes(), StandardCharsets.UTF_8));
    }
    json.endObject();
  }

  private static Map<?, ?> outcome(
      final LogReader reader, final String shard, final long decision, final String requestId)
      throws IOException {
    final Map<?, ?>[] found = new Map<?, ?>[1];
    reader.forEachRecord(
        shard,
        decision + 1,
        Math.min(reader.size(shard), decision + OUTCOME_DISTANCE_MAX),
        (index, bytes) -> {
          final Map<?, ?> record = record(bytes);
          if (requestId.equals(record.get("request_id")) && "outcome".equals(record.get("kind"))) {
            found[0] = record;
          }
          return found[0] == null;
        });
    return found[0];
  }

  private static String commitment(final Map<?, ?> record, final String member) {
    return record != null
            && record.get(member) instanceof Map<?, ?> inner
            && inner.get("commitment") instanceof String hex
        ? hex
        : null;
  }

  /** The document of a leaf, which record mode puts into an envelope. */
  private static Map<?, ?> record(final byte[] leaf) throws IOException {
    final Map<?, ?> members = (Map<?, ?>) JcsReader.parse(leaf);
    return members.containsKey("payloadType")
        ? (Map<?, ?>) JcsReader.parse(Dsse.parse(leaf).payload())
        : members;
  }

  @Override
  public int erase(final String org, final String user, final String reason)
      throws GatewayException {
    requireReason(reason);
    if (user.isEmpty()) {
      throw new GatewayException("name whose content is to be erased");
    }
    events.seal("content-erase", org + "/" + user, reason);
    try {
      return store.erase(org, user);
    } catch (final IOException e) {
      throw new GatewayException(e.getMessage(), e);
    }
  }

  private static void requireReason(final String reason) throws GatewayException {
    if (reason.isBlank() || reason.length() > REASON_CHARS_MAX) {
      throw new GatewayException(
          "say why, in 1 to " + REASON_CHARS_MAX + " characters; it is sealed in the log");
    }
  }
}
