package io.sealgate.gateway.call;

import io.sealgate.log.JcsWriter;
import io.sealgate.policy.InputSink;

/** Writes the inputs of a decision into the record that is being written. */
final class InputWriter implements InputSink {
  private final JcsWriter json;

  InputWriter(final JcsWriter json) {
    this.json = json;
  }

  @Override
  public void beginObject() {
    json.beginObject();
  }

  @Override
  public void endObject() {
    json.endObject();
  }

  @Override
  public void beginArray() {
    json.beginArray();
  }

  @Override
  public void endArray() {
    json.endArray();
  }

  @Override
  public void name(final String name) {
    json.name(name);
  }

  @Override
  public void text(final String value) {
    json.value(value);
  }

  @Override
  public void number(final long value) {
    json.value(value);
  }

  @Override
  public void flag(final boolean value) {
    json.value(value);
  }
}
