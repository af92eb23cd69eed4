package io.sealgate.gateway.admin;

import io.sealgate.gateway.identity.ApiKeys;
import io.sealgate.gateway.identity.Caller;
import io.sealgate.log.JcsWriter;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** The admin API's answers as JSON. */
final class AdminJson {
  private AdminJson() {}

  static String policies(final List<PolicyStore.Version> versions) {
    final JcsWriter json = new JcsWriter().reset().beginObject();
    json.name("policies").beginArray();
    for (final PolicyStore.Version version : versions) {
      json.beginObject();
      json.name("author").value(version.author());
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
    return text(json.endArray().endObject());
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

  static String quote(final String text) {
    final JcsWriter json = new JcsWriter().reset().beginArray();
    json.value(text == null ? "" : text).endArray();
    final String array = new String(json.toByteArray(), StandardCharsets.UTF_8);
    return array.substring(1, array.length() - 1);
  }

  private static String text(final JcsWriter json) {
    return new String(json.toByteArray(), StandardCharsets.UTF_8) + "\n";
  }
}
