package io.sealgate.log.verify;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.Frontier;
import io.sealgate.log.JcsWriter;
import io.sealgate.log.Merkle;
import io.sealgate.log.NodeSource;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TestKey;
import io.sealgate.log.TestRecords;
import io.sealgate.log.TilePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A log in memory, hashed by the definition, that shows itself as static resources. */
public final class TestTree {
  private final String origin;
  private final List<byte[]> records = new ArrayList<>();
  private final Map<Long, byte[]> subtrees = new HashMap<>();

  /** An empty log. */
  public TestTree(String origin) {
    this.origin = origin;
  }

  /** Appends a record. */
  public TestTree add(byte[] record) {
    records.add(record);
    return this;
  }

  /** Appends records that say nothing. */
  public TestTree fill(int count) {
    for (int i = 0; i < count; i++) {
      add(TestRecords.record(records.size()));
    }
    return this;
  }

  /** Appends an event with members in their order. */
  public TestTree event(String name, Map<String, ?> members) {
    Map<String, Object> all = new TreeMap<>(members);
    all.put("event", name);
    all.put("schema", "sealgate.event/1");
    return add(json(all));
  }

  /** An object as canonical JSON. */
  public static byte[] json(Map<String, ?> members) {
    JcsWriter out = new JcsWriter();
    write(out, members);
    return out.toByteArray();
  }

  private static void write(JcsWriter out, Map<?, ?> members) {
    out.beginObject();
    new TreeMap<>(members)
        .forEach(
            (name, value) -> {
              out.name(name.toString());
              switch (value) {
                case Map<?, ?> nested -> write(out, nested);
                case Long number -> out.value(number);
                default -> out.value(value.toString());
              }
            });
    out.endObject();
  }

  /** Records so far. */
  public long size() {
    return records.size();
  }

  /** A record. */
  public byte[] record(long index) {
    return records.get((int) index);
  }

  /** The root over the first records. */
  public byte[] root(long size) {
    Frontier frontier = new Frontier();
    for (byte[] record : records.subList(0, (int) size)) {
      frontier.append(record, 0, record.length);
    }
    return frontier.root();
  }

  /** Hashes of subtrees, by the definition. */
  public NodeSource nodes() {
    return this::node;
  }

  private byte[] node(int level, long index) {
    if (level == 0) {
      return Merkle.leafHash(record(index));
    }
    long key = (long) level << 48 | index;
    byte[] known = subtrees.get(key);
    if (known == null) {
      known = Merkle.nodeHash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
      subtrees.put(key, known);
    }
    return known;
  }

  /** The checkpoint's text over the first records. */
  public byte[] text(long size) {
    return Checkpoint.of(origin, size, root(size)).toBytes();
  }

  /** A checkpoint that these keys signed. */
  public byte[] note(long size, TestKey... keys) {
    byte[] text = text(size);
    List<SignedNote.SignatureLine> lines = new ArrayList<>();
    for (TestKey key : keys) {
      lines.add(key.line(text));
    }
    try {
      return SignedNote.of(text, lines).toBytes();
    } catch (NoteException e) {
      throw new AssertionError(e);
    }
  }

  /** The log as static resources, under the checkpoint over all of it. */
  public Map<String, byte[]> resources(byte[] note) {
    Map<String, byte[]> resources = new HashMap<>();
    resources.put("checkpoint", note);
    for (int level = TilePath.ENTRIES; level < 8; level++) {
      long count = size() >>> Math.max(0, level) * TilePath.HEIGHT;
      for (long n = 0; n * TilePath.FULL < count; n++) {
        int width = (int) Math.min(TilePath.FULL, count - n * TilePath.FULL);
        resources.put(new TilePath(level, n, width).toString(), tile(level, n, width));
      }
    }
    return resources;
  }

  private byte[] tile(int level, long n, int width) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long i = n * TilePath.FULL; i < n * TilePath.FULL + width; i++) {
      if (level == TilePath.ENTRIES) {
        byte[] record = record(i);
        out.write(record.length >> 8);
        out.write(record.length);
        out.writeBytes(record);
      } else {
        out.writeBytes(node(level * TilePath.HEIGHT, i));
      }
    }
    return out.toByteArray();
  }

  /** Writes resources below a folder. */
  public static Path write(Map<String, byte[]> resources, Path folder) throws IOException {
    for (Map.Entry<String, byte[]> resource : resources.entrySet()) {
      Path file = folder.resolve(resource.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, resource.getValue());
    }
    return folder;
  }

  /** A shard that a verifier reads with several checkpoints, as a data folder has them. */
  public LogVerifier.Shard shard(String name, byte[]... notes) {
    Map<String, byte[]> resources = resources(notes[notes.length - 1]);
    return new LogVerifier.Shard(
        name,
        () -> {
          ShardSource last = new StaticShard(name, (path, _) -> resources.get(path));
          return new Several(last, List.of(notes));
        });
  }

  private static final class Several implements ShardSource {
    private final ShardSource source;
    private final List<byte[]> notes;
    private int next;

    Several(ShardSource source, List<byte[]> notes) {
      this.source = source;
      this.notes = notes;
    }

    @Override
    public String shard() {
      return source.shard();
    }

    @Override
    public String origin() throws IOException {
      return source.origin();
    }

    @Override
    public long size() throws IOException {
      return source.size();
    }

    @Override
    public List<byte[]> records(long n, int width) throws IOException, VerifyFailure {
      return source.records(n, width);
    }

    @Override
    public byte[] tile(int level, long n, int width) throws IOException, VerifyFailure {
      return source.tile(level, n, width);
    }

    @Override
    public StoredCheckpoint nextCheckpoint() throws NoteException {
      if (next == notes.size()) {
        return null;
      }
      byte[] note = notes.get(next++);
      return new StoredCheckpoint(Checkpoint.parse(SignedNote.parse(note).text()).size(), note);
    }
  }
}
