package io.sealgate.policy;

import io.sealgate.policy.DocumentBody.Binding;
import io.sealgate.policy.DocumentBody.Excuse;
import io.sealgate.policy.DocumentBody.Policy;
import io.sealgate.policy.SourceNode.Mapping;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A document, read from YAML or JSON and wholly checked: a policy, that is a named list of rules,
 * or what policies refer to (a use case, an exemption, the tree of teams). Immutable.
 *
 * <p>Two documents that differ only in layout, in comments or in the order of rules and list
 * entries have the same {@linkplain #digest digest}. The only list whose order counts is that of a
 * failover's targets.
 *
 * <p>It keeps what a publish made of it, so that the next publish of the same object makes only
 * what changed.
 */
public final class PolicyDocument {
  /** Bound of the rules of one document. */
  public static final int RULES_MAX = 100_000;

  private final String fileName;
  private final byte[] source;
  private final DocumentKind kind;
  private final String name;
  private final Optional<String> org;
  private final String digest;
  private final DocumentBody body;
  private final FindingTypeNames types;
  private volatile String textId;
  private volatile Placement.Block block;

  private PolicyDocument(String fileName, byte[] source, Mapping root, FindingTypeNames types)
      throws PolicyException {
    final Fields fields = new Fields(fileName, root);
    this.fileName = fileName;
    this.source = source;
    this.types = types;
    this.kind = DocumentKind.of(fields);
    fields.refuseUnknown(kind.description(), new LinkedHashSet<>(kind.fields()));
    this.name = fields.requiredText(kind.nameField(), "name " + noun());
    this.org = fields.has("org") ? Optional.of(fields.text("org", "")) : Optional.empty();
    this.body = new DocumentReader(fileName, fields, types).body(kind);
    this.digest = Digests.sha256Hex(root.canonical());
  }

  private String noun() {
    return kind == DocumentKind.POLICY ? "the policy" : "it";
  }

  /**
   * Reads a document.
   *
   * @param fileName what to call it in errors; it is not opened
   * @param utf8 the text; copied
   * @param types the finding types that rules may name
   * @throws PolicyException if anything in it is not understood, with the line and the fix
   */
  public static PolicyDocument parse(String fileName, byte[] utf8, FindingTypeNames types)
      throws PolicyException {
    return new PolicyDocument(fileName, utf8.clone(), SourceReader.read(fileName, utf8), types);
  }

  /**
   * Reads documents, on all cores.
   *
   * @return in the order of the sources
   * @throws PolicyException of the first that is refused
   */
  public static List<PolicyDocument> parseAll(
      List<PolicySet.Source> sources, FindingTypeNames types) throws PolicyException {
    final PolicyDocument[] documents = new PolicyDocument[sources.size()];
    final PolicyException[] refusals = new PolicyException[documents.length];
    IntStream.range(0, documents.length)
        .parallel()
        .forEach(
            i -> {
              try {
                documents[i] = parse(sources.get(i).file(), sources.get(i).utf8(), types);
              } catch (PolicyException e) {
                refusals[i] = e;
              }
            });
    for (final PolicyException refusal : refusals) {
      if (refusal != null) {
        throw refusal;
      }
    }
    return List.of(documents);
  }

  /** The name given to {@link #parse}. */
  public String fileName() {
    return fileName;
  }

  public String name() {
    return name;
  }

  /** {@code policy}, {@code use_case}, {@code exemption} or {@code org_tree}. */
  public String kind() {
    return kind.text();
  }

  /**
   * The environment it applies to, {@code *} for all, {@code several} if its bindings name more.
   */
  public String environment() {
    final List<Binding> bindings = bindings();
    return bindings.isEmpty()
        ? "*"
        : bindings.size() > 1 ? "several" : bindings.getFirst().environment();
  }

  private List<Binding> bindings() {
    return body instanceof Policy policy ? policy.bindings() : List.of();
  }

  /** The organisation it is written for, if it says so. */
  public Optional<String> org() {
    return org;
  }

  /** False if all bindings are in observe mode: what it decides is recorded and not done. */
  public boolean enforced() {
    return bindings().isEmpty() || bindings().stream().anyMatch(b -> b.mode() == Mode.ENFORCE);
  }

  /** SHA-256 of the canonical form, in lower-case hex. */
  public String digest() {
    return digest;
  }

  /** SHA-256 of the text as it was read, in lower-case hex. */
  public String textId() {
    String id = textId;
    if (id == null) {
      id = Digests.sha256Hex(source);
      textId = id;
    }
    return id;
  }

  /** The text as it was read; a copy. */
  public byte[] source() {
    return source.clone();
  }

  /** How many rules it has; those of compliance profiles count one by one. */
  public int ruleCount() {
    return rules().size();
  }

  /** Of an exemption: what its approver is to have signed. */
  public Optional<ExemptionClaim> exemption() {
    return body instanceof Excuse excuse ? Optional.of(excuse.claim()) : Optional.empty();
  }

  List<RuleSpec> rules() {
    return body instanceof Policy policy ? policy.rules() : List.of();
  }

  /** The types that it was read with. */
  FindingTypeNames types() {
    return types;
  }

  /** Its rules at their nodes, as they were placed last; null if they never were. */
  Placement.Block block() {
    return block;
  }

  void block(Placement.Block placed) {
    block = placed;
  }

  DocumentBody body() {
    return body;
  }
}
