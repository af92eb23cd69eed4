package io.sealgate.policy;

import io.sealgate.policy.DocumentBody.Binding;
import io.sealgate.policy.DocumentBody.Excuse;
import io.sealgate.policy.DocumentBody.Policy;
import io.sealgate.policy.SourceNode.Mapping;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * A document, read from YAML or JSON and wholly checked: a policy, that is a named list of rules,
 * or what policies refer to (a use case, an exemption, the tree of teams). Immutable.
 *
 * <p>Two documents that differ only in layout, in comments or in the order of rules and list
 * entries have the same {@linkplain #digest digest}. The only list whose order counts is that of a
 * failover's targets.
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

  private PolicyDocument(String fileName, byte[] source, Mapping root, FindingTypeNames types)
      throws PolicyException {
    final Fields fields = new Fields(fileName, root);
    this.fileName = fileName;
    this.source = source;
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

  DocumentBody body() {
    return body;
  }
}
