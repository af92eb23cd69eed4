package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.JcsReader;
import io.sealgate.log.store.LogReader;
import io.sealgate.policy.DecisionInputs;
import io.sealgate.policy.DecisionInputs.NotReplayableException;
import io.sealgate.policy.Snapshot;
import io.sealgate.policy.Verdict;
import io.sealgate.policy.json.CanonicalJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A decision record of the log, to be decided again. */
record RecordedDecision(Map<?, ?> members) {
  /** The record, if it is of a decision. */
  static Optional<RecordedDecision> of(final byte[] record) throws IOException {
    return JcsReader.parse(record) instanceof Map<?, ?> members
            && "decision".equals(members.get("kind"))
        ? Optional.of(new RecordedDecision(members))
        : Optional.empty();
  }

  /** A record by its index. */
  static RecordedDecision read(final DataFolder data, final String shard, final long index)
      throws IOException, GatewayException {
    try (LogReader log = LogReader.open(data.log())) {
      final List<String> shards = log.shards();
      final String from = shard == null && !shards.isEmpty() ? shards.getLast() : shard;
      if (from == null || index < 0 || index >= log.size(from)) {
        throw new GatewayException(
            "there is no record " + index + " in " + data.root() + "; see: sealgate audit tail");
      }
      return of(log.record(from, index))
          .orElseThrow(
              () ->
                  new GatewayException(
                      "record " + index + " is not of a decision; give the index of one"));
    }
  }

  String org() {
    return members.get("caller") instanceof Map<?, ?> caller ? text(caller.get("org")) : "";
  }

  String requestId() {
    return text(members.get("request_id"));
  }

  /** What the verdict rested on. */
  DecisionInputs inputs() throws NoInputsException {
    if (!(members.get("inputs") instanceof Map<?, ?> inputs)) {
      throw new NoInputsException("the record holds no inputs: it came to no policy, or is large");
    }
    try {
      return DecisionInputs.parse(CanonicalJson.write(inputs));
    } catch (final IllegalArgumentException e) {
      throw new NoInputsException(e.getMessage());
    }
  }

  /** The record does not hold what its decision rested on. */
  static final class NoInputsException extends Exception {
    private static final long serialVersionUID = 1L;

    NoInputsException(final String message) {
      super(message);
    }
  }

  /** What comes out differently now, as {@code member recorded -> replayed}. */
  List<String> differences(final DecisionInputs inputs, final Snapshot snapshot)
      throws NotReplayableException {
    final Verdict verdict = inputs.replay(snapshot);
    final Map<?, ?> policy = (Map<?, ?>) members.get("policy");
    final List<String> differences = new ArrayList<>();
    compare("decision", members.get("decision"), lower(verdict.decision()), differences);
    compare("rule", policy.get("rule"), verdict.decidingRule().toString(), differences);
    compare("mode", policy.get("mode"), lower(verdict.mode()), differences);
    compare("reason", policy.get("reason"), verdict.reason().code(), differences);
    final List<String> matched = new ArrayList<>();
    final List<?> recorded = (List<?>) policy.get("matched");
    final boolean cut = recorded.size() < ((Number) policy.get("matched_total")).longValue();
    for (int i = 0; i < verdict.matchedCount() && (!cut || i < recorded.size()); i++) {
      matched.add(verdict.matched(i).toString());
    }
    compare("matched", recorded, matched, differences);
    if (!isGatewaysOwn(verdict)) {
      compare("done", members.get("done"), lower(verdict.done()), differences);
    }
    return differences;
  }

  /** Whether something else than policy ended the call after it was decided. */
  private boolean isGatewaysOwn(final Verdict verdict) {
    return members.get("problem") instanceof Map<?, ?> problem
        && !Objects.equals(problem.get("code"), verdict.doneReason().code())
        && ((Number) problem.get("status")).intValue() != 403;
  }

  private static void compare(
      final String name, final Object was, final Object is, final List<String> differences) {
    if (!Objects.equals(was, is)) {
      differences.add(name + " " + was + " -> " + is);
    }
  }

  private static String text(final Object value) {
    return value == null ? "" : value.toString();
  }

  private static String lower(final Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
