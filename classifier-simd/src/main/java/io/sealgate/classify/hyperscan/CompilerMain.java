package io.sealgate.classify.hyperscan;

import io.sealgate.classify.finding.ClassifierException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The other end of {@link CompilerProcess}; not meant to be started by anyone else. */
public final class CompilerMain {
  private CompilerMain() {}

  /**
   * Reads expressions from standard input, writes the answer to standard output.
   *
   * @param args none
   * @throws IOException when the parent is gone
   */
  public static void main(final String[] args) throws IOException {
    final var in = new DataInputStream(new BufferedInputStream(System.in));
    final int mode = in.readInt();
    final List<HyperscanDatabase.Expression> expressions = read(in);
    final var out = new DataOutputStream(System.out);
    if (mode == CompilerProcess.PROBE) {
      probe(expressions, out);
    } else {
      whole(expressions, out);
    }
    out.flush();
  }

  private static List<HyperscanDatabase.Expression> read(final DataInputStream in)
      throws IOException {
    final int count = in.readInt();
    final List<HyperscanDatabase.Expression> expressions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      final int flags = in.readInt();
      final byte[] text = in.readNBytes(in.readInt());
      expressions.add(
          new HyperscanDatabase.Expression(
              Integer.toString(i), new String(text, StandardCharsets.UTF_8), flags));
    }
    return expressions;
  }

  private static void whole(
      final List<HyperscanDatabase.Expression> expressions, final DataOutputStream out)
      throws IOException {
    try {
      final HyperscanDatabase database = HyperscanDatabase.compileUnnamed(expressions);
      final byte[] serialized = Hyperscan.serialize(database.address());
      out.writeByte(CompilerProcess.COMPILED);
      out.write(serialized);
      database.release();
    } catch (final Hyperscan.Refused e) {
      out.writeByte(CompilerProcess.REFUSED);
      out.writeInt(e.expression());
      out.write(e.getMessage().getBytes(StandardCharsets.UTF_8));
    } catch (final ClassifierException e) {
      out.writeByte(CompilerProcess.FAILED);
      out.write(e.getMessage().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void probe(
      final List<HyperscanDatabase.Expression> expressions, final DataOutputStream out)
      throws IOException {
    for (int i = 0; i < expressions.size(); i++) {
      out.writeInt(i);
      out.flush();
      try {
        HyperscanDatabase.compileUnnamed(expressions.subList(i, i + 1)).release();
      } catch (final Hyperscan.Refused | ClassifierException e) {
        // Looked for is what takes too long; this one was quick to fail.
        out.flush();
      }
    }
  }
}
