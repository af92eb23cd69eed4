package io.sealgate.policy;

/** Takes the inputs of a decision as JSON, member by member in canonical order (RFC 8785). */
public interface InputSink {
  void beginObject();

  void endObject();

  void beginArray();

  void endArray();

  /** The name of the next member; names of one object come in rising order. */
  void name(String name);

  void text(String value);

  /** At most {@link io.sealgate.policy.json.CanonicalJson#EXACT_MAX} from zero. */
  void number(long value);

  void flag(boolean value);
}
