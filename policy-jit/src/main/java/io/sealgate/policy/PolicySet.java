package io.sealgate.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The documents of one organisation, compiled together, and the tests that came with them.
 * Immutable; any thread.
 */
public final class PolicySet {
  private final String org;
  private final List<PolicyDocument> documents;
  private final List<PolicyTests> tests;
  private final FindingTypeNames types;
  private final Snapshot snapshot;
  private final Map<String, String> placeOf = new HashMap<>();

  /** The text of a file; the name is used in messages only. */
  public record Source(String file, byte[] utf8) {}

  private PolicySet(
      String org, List<PolicyDocument> documents, List<PolicyTests> tests, FindingTypeNames types)
      throws PolicyException {
    this.org = org;
    this.documents = List.copyOf(documents);
    this.tests = List.copyOf(tests);
    this.types = types;
    this.snapshot = PolicyCompiler.compile(org, documents, types);
    for (final PolicyDocument document : documents) {
      for (final RuleSpec rule : document.rules()) {
        placeOf.put(document.name() + "/" + rule.id(), document.fileName() + ":" + rule.line());
      }
    }
  }

  /**
   * Reads files, each of which is a policy document or has {@code tests}, and compiles them.
   *
   * @param defaultOrg the organisation if no document names one
   * @throws PolicyException if a file is refused or the documents do not go together
   */
  public static PolicySet read(List<Source> sources, String defaultOrg, FindingTypeNames types)
      throws PolicyException {
    final List<Source> policies = new ArrayList<>();
    final List<PolicyTests> tests = new ArrayList<>();
    for (final Source source : sources) {
      final SourceNode.Mapping root = SourceReader.read(source.file(), source.utf8());
      if (root.entries().containsKey(PolicyTests.FIELD)) {
        tests.add(PolicyTests.of(source.file(), root, types));
      } else {
        policies.add(source);
      }
    }
    final List<PolicyDocument> documents = PolicyDocument.parseAll(policies, types);
    String org = defaultOrg;
    for (final PolicyDocument document : documents) {
      org = document.org().orElse(org);
    }
    return new PolicySet(org, documents, tests, types);
  }

  /**
   * Compiles documents that were read before, such as those of a stored version.
   *
   * @throws PolicyException if they do not go together
   */
  public static PolicySet of(String org, List<PolicyDocument> documents, FindingTypeNames types)
      throws PolicyException {
    return new PolicySet(org, documents, List.of(), types);
  }

  /** The organisation that they are compiled for. */
  public String org() {
    return org;
  }

  public List<PolicyDocument> documents() {
    return documents;
  }

  /** The files with tests. */
  public List<PolicyTests> tests() {
    return tests;
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  FindingTypeNames types() {
    return types;
  }

  /** Where a rule is written, as {@code file:line}; its name if it is written nowhere. */
  public String place(RuleRef rule) {
    return placeOf.getOrDefault(rule.toString(), rule.toString());
  }
}
