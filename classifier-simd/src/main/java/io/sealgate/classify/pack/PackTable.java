package io.sealgate.classify.pack;

import io.sealgate.classify.finding.FindingTypes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Packs that were read and checked, as bytes that are read again in a twentieth of the time. */
final class PackTable {
  private PackTable() {}

  static void write(final List<Pack> packs, final OutputStream to) throws IOException {
    final DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to));
    out.writeInt(packs.size());
    for (final Pack pack : packs) {
      out.writeUTF(pack.name());
      out.writeInt(pack.version());
      out.writeUTF(pack.digest());
      out.writeInt(pack.rules().size());
      for (final Rule rule : pack.rules()) {
        write(rule, out);
      }
    }
    out.flush();
  }

  private static void write(final Rule rule, final DataOutputStream out) throws IOException {
    out.writeUTF(rule.id());
    out.writeUTF(FindingTypes.name(rule.type()));
    out.writeUTF(rule.title());
    out.writeUTF(rule.finder().name());
    out.writeInt(rule.how().size());
    for (final Map.Entry<String, List<String>> entry : rule.how().entrySet()) {
      out.writeUTF(entry.getKey());
      write(entry.getValue(), out);
    }
    write(rule.context(), out);
    out.writeBoolean(rule.contextRequired());
    out.writeInt(rule.scoreMicros());
    out.writeInt(rule.scoreWithContextMicros());
    write(rule.examples().match(), out);
    write(rule.examples().noMatch(), out);
    out.writeInt(rule.line());
  }

  private static void write(final List<String> texts, final DataOutputStream out)
      throws IOException {
    out.writeInt(texts.size());
    for (final String text : texts) {
      out.writeUTF(text);
    }
  }

  static List<Pack> read(final InputStream from) throws IOException {
    final DataInputStream in = new DataInputStream(new BufferedInputStream(from));
    final int count = in.readInt();
    final List<Pack> packs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      final String name = in.readUTF();
      final int version = in.readInt();
      final String digest = in.readUTF();
      final Rule[] rules = new Rule[in.readInt()];
      for (int k = 0; k < rules.length; k++) {
        rules[k] = rule(in);
      }
      packs.add(new Pack(name, version, List.of(rules), digest));
    }
    return List.copyOf(packs);
  }

  private static Rule rule(final DataInputStream in) throws IOException {
    return new Rule(
        in.readUTF(),
        FindingTypes.id(in.readUTF()),
        in.readUTF(),
        Finder.valueOf(in.readUTF()),
        how(in),
        texts(in),
        in.readBoolean(),
        in.readInt(),
        in.readInt(),
        new Rule.Examples(texts(in), texts(in)),
        in.readInt());
  }

  private static Map<String, List<String>> how(final DataInputStream in) throws IOException {
    final Map<String, List<String>> how = new LinkedHashMap<>();
    for (int keys = in.readInt(); keys > 0; keys--) {
      how.put(in.readUTF(), texts(in));
    }
    return Collections.unmodifiableMap(how);
  }

  private static List<String> texts(final DataInputStream in) throws IOException {
    final String[] texts = new String[in.readInt()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = in.readUTF();
    }
    return List.of(texts);
  }
}
