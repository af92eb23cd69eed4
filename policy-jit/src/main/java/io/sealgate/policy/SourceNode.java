package io.sealgate.policy;

import io.sealgate.policy.json.JsonText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A piece of a document with the line it starts on, 1-based. */
sealed interface SourceNode {
  int line();

  /** What a reader of an error message would call it. */
  String describe();

  /**
   * Appends the canonical JSON form: keys sorted, numbers in their shortest plain form, and lists
   * sorted too, because every list of a policy document is a set but the {@code targets} of a
   * failover.
   */
  void canonical(StringBuilder out);

  /** Canonical text of this node alone. */
  default String canonical() {
    final StringBuilder out = new StringBuilder();
    canonical(out);
    return out.toString();
  }

  /** The kinds of plain values. */
  enum ScalarKind {
    TEXT("text"),
    NUMBER("a number"),
    BOOL("true or false"),
    NULL("null");

    final String description;

    ScalarKind(String description) {
      this.description = description;
    }
  }

  /** A value. Numbers keep their text, so that no digit is lost. */
  record Scalar(int line, ScalarKind kind, String text) implements SourceNode {
    private static final int NUMBER_LENGTH_MAX = 40;

    @Override
    public String describe() {
      return kind.description;
    }

    @Override
    public void canonical(StringBuilder out) {
      switch (kind) {
        case TEXT -> JsonText.quote(out, text);
        case NUMBER -> out.append(canonicalNumber());
        case BOOL, NULL -> out.append(text);
      }
    }

    /** False for numbers so long, or with an exponent, that computing with them could take long. */
    boolean isPlainNumber() {
      return kind == ScalarKind.NUMBER
          && text.length() <= NUMBER_LENGTH_MAX
          && text.indexOf('e') < 0
          && text.indexOf('E') < 0;
    }

    private String canonicalNumber() {
      if (!isPlainNumber()) {
        return text;
      }
      final BigDecimal number = new BigDecimal(text);
      return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
  }

  /** A list. */
  record Sequence(int line, List<SourceNode> items) implements SourceNode {
    @Override
    public String describe() {
      return "a list";
    }

    @Override
    public void canonical(StringBuilder out) {
      final List<String> texts = texts();
      Collections.sort(texts);
      out.append('[').append(String.join(",", texts)).append(']');
    }

    private void canonicalInOrder(StringBuilder out) {
      out.append('[').append(String.join(",", texts())).append(']');
    }

    private List<String> texts() {
      final List<String> texts = new ArrayList<>(items.size());
      for (final SourceNode item : items) {
        texts.add(item.canonical());
      }
      return texts;
    }
  }

  /** A mapping, in the order of the document. */
  record Mapping(int line, Map<String, Entry> entries) implements SourceNode {
    private static final String ORDERED_FIELD = "targets";

    @Override
    public String describe() {
      return "a mapping";
    }

    @Override
    public void canonical(StringBuilder out) {
      String separator = "{";
      for (final Map.Entry<String, Entry> entry : new TreeMap<>(entries).entrySet()) {
        out.append(separator);
        JsonText.quote(out, entry.getKey());
        out.append(':');
        if (entry.getKey().equals(ORDERED_FIELD)
            && entry.getValue().value() instanceof Sequence sequence) {
          sequence.canonicalInOrder(out);
        } else {
          entry.getValue().value().canonical(out);
        }
        separator = ",";
      }
      out.append(entries.isEmpty() ? "{}" : "}");
    }
  }

  /** A key's line and its value. */
  record Entry(int keyLine, SourceNode value) {}
}
