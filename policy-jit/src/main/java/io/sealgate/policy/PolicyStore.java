package io.sealgate.policy;

import io.sealgate.store.StateStore;
import io.sealgate.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Every version of every organisation's policies, durable. A version is the whole set of documents
 * that was published together; its number counts up from 1 and nothing is ever overwritten. The
 * texts are kept once per content. Any thread; the state store belongs to the caller, who closes
 * it.
 */
public final class PolicyStore {
  /** Bound of an organisation's name and of an author, in UTF-8 bytes. */
  public static final int NAME_BYTES_MAX = 256;

  /** Bound of the documents of one version. */
  public static final int DOCUMENTS_MAX = 10_000;

  private static final String VERSIONS = "policy-versions";
  private static final String ACTIVE = "policy-active";
  private static final String BUNDLES = "policy-bundles";
  private static final String TEXTS = "policy-texts";
  private static final byte FORMAT = 1;

  /**
   * A document of a version.
   *
   * @param textId SHA-256 of its bytes, in lower-case hex
   */
  public record StoredDocument(String fileName, String policyName, String textId) {}

  /**
   * A publish.
   *
   * @param number 1 for the organisation's first
   * @param snapshotId what the documents compiled to when they were published
   */
  public record Version(
      String org,
      long number,
      String snapshotId,
      String author,
      long epochMillis,
      List<StoredDocument> documents) {}

  /**
   * The signed bundle of the highest version that an organisation took.
   *
   * @param version 0 if there was none
   * @param expiresEpochMillis from this moment on a newer one is overdue
   */
  public record Bundle(long version, long expiresEpochMillis) {
    /** What comes from no bundle. */
    public static final Bundle NONE = new Bundle(0, 0);
  }

  private final StateStore store;
  private final ParsedDocuments parsed = new ParsedDocuments();

  public PolicyStore(StateStore store) {
    this.store = store;
  }

  /**
   * Appends a version and makes it the active one, in one durable transaction.
   *
   * @param docs all documents that are to be active from now on
   * @param snapshot what they compiled to
   * @throws StoreException if nothing was written
   */
  public Version publish(
      String org, List<PolicyDocument> docs, Snapshot snapshot, String author, long epochMillis)
      throws StoreException {
    return publish(org, docs, snapshot, author, epochMillis, Bundle.NONE);
  }

  /**
   * The same for what came as a signed bundle, which is remembered in that transaction.
   *
   * @param bundle {@link Bundle#NONE} if there is none
   * @throws StoreException if nothing was written
   */
  public Version publish(
      String org,
      List<PolicyDocument> docs,
      Snapshot snapshot,
      String author,
      long epochMillis,
      Bundle bundle)
      throws StoreException {
    requireName("org", org);
    requireName("author", author);
    if (docs.size() > DOCUMENTS_MAX) {
      throw new IllegalArgumentException("more than " + DOCUMENTS_MAX + " documents in a version");
    }
    final List<StoredDocument> entries = new ArrayList<>(docs.size());
    for (final PolicyDocument doc : docs) {
      entries.add(new StoredDocument(doc.fileName(), doc.name(), doc.textId()));
    }
    final Version[] published = new Version[1];
    store.write(
        batch -> {
          final Version version =
              new Version(
                  org,
                  activeNumber(org) + 1,
                  snapshot.id(),
                  author,
                  epochMillis,
                  List.copyOf(entries));
          for (int i = 0; i < entries.size(); i++) {
            final byte[] textKey = utf8(entries.get(i).textId());
            if (store.get(TEXTS, textKey) == null) {
              batch.put(TEXTS, textKey, docs.get(i).source());
            }
          }
          batch.put(VERSIONS, key(org, version.number()), encode(version));
          batch.put(ACTIVE, utf8(org), number(version.number()));
          if (bundle.version() > bundle(org).version()) {
            batch.put(BUNDLES, utf8(org), encode(bundle));
          }
          published[0] = version;
        });
    docs.forEach(parsed::put);
    return published[0];
  }

  /** The version that was published last, if there is one. */
  public Optional<Version> active(String org) {
    final long number = activeNumber(org);
    return number == 0 ? Optional.empty() : Optional.of(version(org, number).orElseThrow());
  }

  /** One version, if it exists. */
  public Optional<Version> version(String org, long number) {
    final byte[] value = store.get(VERSIONS, key(org, number));
    return value == null ? Optional.empty() : Optional.of(decode(org, number, value));
  }

  /** Versions in rising order, from a number on, at most so many. */
  public List<Version> history(String org, long fromNumber, int countMax) {
    final List<Version> versions = new ArrayList<>();
    final byte[] from = key(org, fromNumber);
    final int prefix = from.length - Long.BYTES;
    if (countMax > 0) {
      store.scan(
          VERSIONS,
          from,
          (key, value) -> {
            if (key.length != from.length || !Arrays.equals(key, 0, prefix, from, 0, prefix)) {
              return false;
            }
            versions.add(decode(org, ByteBuffer.wrap(key, prefix, Long.BYTES).getLong(), value));
            return versions.size() < countMax;
          });
    }
    return List.copyOf(versions);
  }

  /** The organisations that have an active version, sorted by their UTF-8 bytes. */
  public List<String> orgs() {
    final List<String> orgs = new ArrayList<>();
    store.scan(
        ACTIVE,
        new byte[0],
        (key, _) -> {
          orgs.add(new String(key, StandardCharsets.UTF_8));
          return true;
        });
    return List.copyOf(orgs);
  }

  /**
   * Reads the documents of a version again.
   *
   * @throws PolicyException if this release no longer accepts one of them
   * @throws IllegalStateException if a text is missing or is not what was stored
   */
  public List<PolicyDocument> documents(Version version, FindingTypeNames types)
      throws PolicyException {
    final PolicyDocument[] docs = new PolicyDocument[version.documents().size()];
    final List<Integer> missing = new ArrayList<>();
    final List<PolicySet.Source> texts = new ArrayList<>();
    for (int i = 0; i < docs.length; i++) {
      final StoredDocument entry = version.documents().get(i);
      docs[i] = parsed.get(entry.fileName(), entry.textId(), types);
      if (docs[i] == null) {
        missing.add(i);
        texts.add(new PolicySet.Source(entry.fileName(), text(entry)));
      }
    }
    final List<PolicyDocument> read = PolicyDocument.parseAll(texts, types);
    for (int i = 0; i < read.size(); i++) {
      parsed.put(read.get(i));
      docs[missing.get(i)] = read.get(i);
    }
    return List.of(docs);
  }

  private byte[] text(StoredDocument entry) {
    final byte[] text = store.get(TEXTS, utf8(entry.textId()));
    if (text == null || !Digests.sha256Hex(text).equals(entry.textId())) {
      throw new IllegalStateException(
          "the stored text of policy "
              + entry.policyName()
              + " is damaged; restore the state directory from its backup");
    }
    return text;
  }

  /** The signed bundle of the highest version that was published. */
  public Bundle bundle(String org) {
    final byte[] value = store.get(BUNDLES, utf8(org));
    if (value == null) {
      return Bundle.NONE;
    }
    final ByteBuffer in = ByteBuffer.wrap(value);
    return new Bundle(in.getLong(), in.getLong());
  }

  private static byte[] encode(Bundle bundle) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(bundle.version())
        .putLong(bundle.expiresEpochMillis())
        .array();
  }

  private long activeNumber(String org) {
    final byte[] value = store.get(ACTIVE, utf8(org));
    return value == null ? 0 : ByteBuffer.wrap(value).getLong();
  }

  private static void requireName(String what, String name) {
    if (name.isEmpty() || utf8(name).length > NAME_BYTES_MAX || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          what + " must have 1 to " + NAME_BYTES_MAX + " bytes and no NUL");
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  /** The name, a NUL that no name contains, and the number so that versions sort. */
  private static byte[] key(String org, long number) {
    final byte[] name = utf8(org);
    return ByteBuffer.allocate(name.length + 1 + Long.BYTES)
        .put(name)
        .put((byte) 0)
        .putLong(number)
        .array();
  }

  private static byte[] encode(Version version) {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeUTF(version.snapshotId());
      out.writeUTF(version.author());
      out.writeLong(version.epochMillis());
      out.writeInt(version.documents().size());
      for (final StoredDocument doc : version.documents()) {
        out.writeUTF(doc.fileName());
        out.writeUTF(doc.policyName());
        out.writeUTF(doc.textId());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a policy version could not be written down", e);
    }
    return bytes.toByteArray();
  }

  private static Version decode(String org, long number, byte[] value) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
      final byte format = in.readByte();
      if (format != FORMAT) {
        throw new IllegalStateException(
            "policy version "
                + number
                + " has format "
                + format
                + "; run the release that wrote it or a newer one");
      }
      final String snapshotId = in.readUTF();
      final String author = in.readUTF();
      final long epochMillis = in.readLong();
      final int count = in.readInt();
      final List<StoredDocument> documents = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        documents.add(new StoredDocument(in.readUTF(), in.readUTF(), in.readUTF()));
      }
      return new Version(org, number, snapshotId, author, epochMillis, List.copyOf(documents));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "policy version " + number + " is damaged; restore the state directory", e);
    }
  }
}
