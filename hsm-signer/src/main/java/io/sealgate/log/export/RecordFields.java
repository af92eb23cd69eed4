package io.sealgate.log.export;

import io.sealgate.log.Dsse;
import io.sealgate.log.JcsReader;
import io.sealgate.log.NoteException;
import java.io.IOException;
import java.util.Map;

/** A decision record's members as views read them: absent where the record has none. */
final class RecordFields {
  private final Map<?, ?> members;

  private RecordFields(Map<?, ?> members) {
    this.members = members;
  }

  /**
   * Reads a record.
   *
   * @throws IOException if it is no decision record
   */
  static RecordFields decision(byte[] record) throws IOException {
    if (JcsReader.parse(Dsse.recordOf(record)) instanceof Map<?, ?> members
        && "decision".equals(members.get("kind"))) {
      return new RecordFields(members);
    }
    throw new NoteException(
        "the record is not of a decision; show it with --view record, or name the record of a"
            + " call's decision");
  }

  /** A text, or null; names lead from the outermost member in. */
  String text(String... names) {
    return find(names) instanceof String text ? text : null;
  }

  /** A number, or what is given where there is none. */
  long number(long absent, String... names) {
    return find(names) instanceof Long number ? number : absent;
  }

  private Object find(String... names) {
    Object at = members;
    for (String name : names) {
      at = at instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return at;
  }

  /** The policy of the deciding rule: what stands before the first slash of its name. */
  String policy() {
    String rule = text("policy", "rule");
    int slash = rule == null ? -1 : rule.indexOf('/');
    return slash < 0 ? rule : rule.substring(0, slash);
  }

  /** The deciding rule within its policy. */
  String rule() {
    String rule = text("policy", "rule");
    return rule == null ? null : rule.substring(rule.indexOf('/') + 1);
  }
}
