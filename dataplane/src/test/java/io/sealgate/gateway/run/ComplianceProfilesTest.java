package io.sealgate.gateway.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.policy.PolicyCompiler;
import io.sealgate.policy.PolicyDocument;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The profiles that the engine ships name types that the classifier has. */
class ComplianceProfilesTest {
  @ParameterizedTest
  @ValueSource(strings = {"soc2", "gdpr", "hipaa", "pci-dss", "eu-ai-act"})
  void shouldCompileWhenTheClassifiersTypesAreUsed(final String profile) throws Exception {
    final String text = "{policy_name: c, rules: [{type: compliance, profile: " + profile + "}]}";
    final ClassifierTypes types = new ClassifierTypes();
    final PolicyDocument document =
        PolicyDocument.parse("c.yaml", text.getBytes(StandardCharsets.UTF_8), types);
    assertTrue(PolicyCompiler.compile("acme", List.of(document), types).ruleCount() >= 2);
  }
}
