package io.sealgate.gateway.call;

import io.sealgate.classify.Findings;
import io.sealgate.gateway.identity.Caller;
import io.sealgate.gateway.openai.ChatRequest;
import io.sealgate.gateway.problem.Problem;
import io.sealgate.log.JcsWriter;
import io.sealgate.policy.CounterReadings;
import io.sealgate.policy.DecisionInputs;
import io.sealgate.policy.Facts;
import io.sealgate.policy.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Writes records as canonical JSON (RFC 8785): members in sorted order, no floats, no prompt text.
 * Reusable; confined to one event loop. The bytes are valid until the next record is begun.
 */
final class Records {
  private static final String SCHEMA = "sealgate.record/1";

  /** A name from a caller is recorded up to this length. */
  private static final int NAME_CHARS_MAX = 256;

  private static final int MATCHED_RULES_MAX = 32;
  private final JcsWriter json = new JcsWriter();
  private final InputWriter inputs = new InputWriter(json);
  private final FindingCounts counts = new FindingCounts();
  private final String instance;
  private final String boot;
  private long sequence;

  /**
   * @param instance names this appliance and event loop
   * @param boot names this run of it
   */
  Records(final String instance, final String boot) {
    this.instance = instance;
    this.boot = boot;
  }

  byte[] bytes() {
    return json.buffer();
  }

  int length() {
    return json.length();
  }

  /**
   * The evidence of one verdict.
   *
   * @param chat what was read of the body; null when nothing could be
   * @param findings what was found; null when nothing was scanned
   * @param verdict what was decided; null when the call never came to a policy
   * @param facts what the verdict rests on, with the counters read; null without a verdict
   * @param commitment keyed digest of the body; null without one
   */
  void decision(
      final Exchange call,
      final ChatRequest chat,
      final Findings findings,
      final Verdict verdict,
      final Facts facts,
      final CounterReadings readings,
      final ActiveRules rules,
      final byte[] commitment,
      final int redactions) {
    json.reset().beginObject();
    json.name("call");
    writeCall(call, chat, commitment);
    json.name("caller");
    writeCaller(call.authentication == null ? null : call.authentication.caller());
    json.name("capture").value(name(call.keeping.level()));
    json.name("classifier");
    if (rules == null) {
      json.nullValue();
    } else {
      json.beginObject();
      json.name("digest").value(rules.classifier().digest());
      json.name("engine").value(rules.classifier().engine());
      json.endObject();
    }
    json.name("decision").value(verdict == null ? call.decision : name(verdict.decision()));
    json.name("done").value(call.decision);
    json.name("findings");
    counts.write(findings, json);
    json.name("gateway");
    writeGateway();
    json.name("inputs");
    if (verdict != null && DecisionInputs.isRecordable(facts, readings)) {
      DecisionInputs.record(rules.snapshot(), facts, readings, call.startMillis, inputs);
    } else {
      json.nullValue();
    }
    json.name("kind").value("decision");
    json.name("policy");
    writePolicy(call, verdict);
    json.name("problem");
    writeProblem(call.problem);
    json.name("redactions").value(redactions);
    json.name("request_id").value(call.requestId);
    json.name("schema").value(SCHEMA);
    json.name("time").value(Instant.ofEpochMilli(call.startMillis).toString());
    json.name("upstream");
    writeNullable(call.upstream == null ? null : call.upstream.name());
    json.endObject();
  }

  /** What came back. */
  void outcome(final Exchange call, final Outcome outcome) {
    json.reset().beginObject();
    json.name("answer").beginObject();
    json.name("bytes").value(outcome.answerBytes());
    json.name("commitment");
    writeDigest(outcome.commitment());
    json.name("status").value(outcome.status());
    json.name("upstream_status").value(outcome.upstreamStatus());
    json.endObject();
    json.name("cost_microusd").value(outcome.costMicroDollars());
    json.name("gateway");
    writeGateway();
    json.name("kind").value("outcome");
    json.name("request_id").value(call.requestId);
    json.name("result").value(outcome.result());
    json.name("schema").value(SCHEMA);
    json.name("time").value(Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    json.name("tokens").beginObject();
    json.name("completion").value(outcome.usage().completion());
    json.name("prompt").value(outcome.usage().prompt());
    json.name("source").value(outcome.usage().reported() ? "provider" : "estimate");
    json.endObject();
    json.name("upstream").value(call.upstream.name());
    json.endObject();
  }

  private void writeCall(final Exchange call, final ChatRequest chat, final byte[] commitment) {
    json.beginObject();
    json.name("body_bytes").value(call.receivedBytes);
    json.name("commitment");
    writeDigest(commitment);
    json.name("dialect").value(call.route.dialect());
    if (chat != null) {
      json.name("max_tokens").value(Math.min(chat.maxTokens(), JcsWriter.NUMBER_MAX));
      json.name("messages").value(chat.messages());
    }
    json.name("model");
    writeNullable(call.model);
    json.name("stream").value(call.stream);
    json.name("text_bytes").value(call.promptTextBytes);
    if (chat != null) {
      json.name("tools").value(chat.tools());
    }
    json.endObject();
  }

  private void writeDigest(final byte[] digest) {
    if (digest == null) {
      json.nullValue();
    } else {
      json.hex(digest, 0, digest.length);
    }
  }

  private void writeCaller(final Caller caller) {
    if (caller == null) {
      json.nullValue();
      return;
    }
    json.beginObject();
    json.name("api_key").value(caller.apiKey());
    json.name("environment").value(caller.environment());
    json.name("org").value(caller.org());
    json.name("team").value(caller.team());
    json.name("use_case").value(caller.useCase());
    json.name("user").value(caller.user());
    json.endObject();
  }

  private void writeGateway() {
    json.beginObject();
    json.name("boot").value(boot);
    json.name("instance").value(instance);
    json.name("sequence").value(sequence++);
    json.endObject();
  }

  private void writePolicy(final Exchange call, final Verdict verdict) {
    json.beginObject();
    if (verdict == null) {
      json.name("matched").beginArray().endArray();
      json.name("reason").value(call.problem == null ? "none" : call.problem.code());
      json.name("rule").value("sealgate/" + (call.problem == null ? "built-in" : "gate"));
    } else {
      json.name("budget_warnings").beginArray();
      for (int i = 0; i < verdict.obligations().budgetWarningCount(); i++) {
        json.value(verdict.obligations().budgetWarning(i).key());
      }
      json.endArray();
      json.name("errors").value(verdict.errorTotal());
      json.name("exempted").beginArray();
      for (int i = 0; i < Math.min(MATCHED_RULES_MAX, verdict.exemptedCount()); i++) {
        json.value(verdict.exempted(i) + " by " + verdict.exemption(i).name());
      }
      json.endArray();
      json.name("matched").beginArray();
      for (int i = 0; i < Math.min(MATCHED_RULES_MAX, verdict.matchedCount()); i++) {
        json.value(verdict.matched(i).toString());
      }
      json.endArray();
      json.name("matched_total").value(verdict.matchedTotal());
      json.name("mode").value(name(verdict.mode()));
      json.name("reason").value(verdict.reason().code());
      json.name("rule").value(verdict.decidingRule().toString());
      json.name("scope").value(verdict.decidingRule().scope());
    }
    json.name("snapshot");
    writeNullable(call.snapshotId);
    if (verdict != null) {
      json.name("would_have_done").value(name(verdict.wouldHaveDone()));
    }
    json.endObject();
  }

  private void writeProblem(final Problem problem) {
    if (problem == null) {
      json.nullValue();
      return;
    }
    json.beginObject();
    json.name("code").value(problem.code());
    json.name("status").value(problem.status());
    json.endObject();
  }

  private void writeNullable(final String text) {
    if (text == null) {
      json.nullValue();
    } else {
      json.value(text.length() > NAME_CHARS_MAX ? text.substring(0, NAME_CHARS_MAX) : text);
    }
  }

  static String name(final Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
