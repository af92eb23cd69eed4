package io.sealgate.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The published JSON Schema (draft 2020-12) of documents, for editors. */
public final class PolicySchema {
  private PolicySchema() {}

  /** The schema as JSON text. */
  public static String json() {
    try (InputStream in = PolicySchema.class.getResourceAsStream("policy.schema.json")) {
      if (in == null) {
        throw new IllegalStateException("the schema is not in this distribution");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the schema cannot be read", e);
    }
  }
}
