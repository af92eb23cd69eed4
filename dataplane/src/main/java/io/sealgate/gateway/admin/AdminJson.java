package io.sealgate.gateway.admin;

import io.sealgate.gateway.bundle.RefusedBundle;
import io.sealgate.gateway.identity.ApiKeys;
import io.sealgate.gateway.identity.Caller;
import io.sealgate.log.JcsWriter;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The admin API's answers as JSON. */
final class AdminJson {
  private AdminJson() {}

  /** Versions of policies. */
  static String policies(final List<PolicyStore.Version> versions) {
    final JcsWriter json = new JcsWriter().reset().beginObject();
    versions(json, versions, Map.of());
    return text(json.endObject());
  }

  /** The versions in force, the bundles that organisations took, and the last one refused. */
  static String inForce(
      final List<PolicyStore.Version> versions,
      final Map<String, PolicyStore.Bundle> bundles,
      final Optional<RefusedBundle> refused) {
    final JcsWriter json = new JcsWriter().reset().beginObject();
    versions(json, versions, bundles);
    json.name("refused_bundle");
    if (refused.isPresent()) {
      json.beginObject();
      json.name("at").value(refused.get().at().truncatedTo(ChronoUnit.MILLIS).toString());
      json.name("problem").value(refused.get().problem());
      json.endObject();
    } else {
      json.nullValue();
    }
    return text(json.endObject());
  }

  private static void versions(
      final JcsWriter json,
      final List<PolicyStore.Version> versions,
      final Map<String, PolicyStore.Bundle> bundles) {
    json.name("policies").beginArray();
    for (final PolicyStore.Version version : versions) {
      json.beginObject();
      json.name("author").value(version.author());
      final PolicyStore.Bundle bundle = bundles.get(version.org());
      if (bundle != null) {
        final Instant expires = Instant.ofEpochMilli(bundle.expiresEpochMillis());
        json.name("bundle").beginObject();
        json.name("expired").value(!expires.isAfter(Instant.now()));
        json.name("expires").value(expires.toString());
        json.name("version").value(bundle.version());
        json.endObject();
      }
      json.name("documents").beginArray();
      for (final PolicyStore.StoredDocument document : version.documents()) {
        json.value(document.policyName());
      }
      json.endArray();
      json.name("org").value(version.org());
      json.name("published").value(Instant.ofEpochMilli(version.epochMillis()).toString());
      json.name("snapshot").value(version.snapshotId());
      json.name("version").value(version.number());
      json.endObject();
    }
    json.endArray();
  }

  /** The documents of a version with their texts. */
  static String documents(final PolicyStore.Version version, final List<PolicyDocument> documents) {
    final JcsWriter json = new JcsWriter().reset().beginObject();
    json.name("documents").beginArray();
    for (final PolicyDocument document : documents) {
      json.beginObject();
      json.name("file").value(document.fileName());
      json.name("name").value(document.name());
      json.name("text").value(new String(document.source(), StandardCharsets.UTF_8));
      json.endObject();
    }
    json.endArray();
    json.name("org").value(version.org());
    json.name("snapshot").value(version.snapshotId());
    json.name("version").value(version.number());
    return text(json.endObject());
  }

  static String keys(final List<ApiKeys.Listed> keys) {
    final JcsWriter json = new JcsWriter().reset().beginObject();
    json.name("keys").beginArray();
    for (final ApiKeys.Listed key : keys) {
      json.beginObject();
      json.name("created").value(key.created().toString());
      json.name("environment").value(key.caller().environment());
      json.name("id").value(key.caller().apiKey());
      json.name("org").value(key.caller().org());
      json.name("revoked");
      if (key.revoked() == null) {
        json.nullValue();
      } else {
        json.value(key.revoked().toString());
      }
      json.name("team").value(key.caller().team());
      json.name("use_case").value(key.caller().useCase());
      json.name("user").value(key.caller().user());
      json.endObject();
    }
    return text(json.endArray().endObject());
  }

  static String issued(final ApiKeys.Issued issued) {
    final Caller caller = issued.caller();
    final JcsWriter json = new JcsWriter().reset().beginObject();
    json.name("environment").value(caller.environment());
    json.name("id").value(caller.apiKey());
    json.name("key").value(issued.secret());
    json.name("org").value(caller.org());
    json.name("team").value(caller.team());
    json.name("use_case").value(caller.useCase());
    json.name("user").value(caller.user());
    return text(json.endObject());
  }

  private static String text(final JcsWriter json) {
    return new String(json.toByteArray(), StandardCharsets.UTF_8) + "\n";
  }
}
