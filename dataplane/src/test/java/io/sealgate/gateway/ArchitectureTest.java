package io.sealgate.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between modules and packages run one way. */
class ArchitectureTest {
  private static final String STORE = "io.sealgate.store..";
  private static final String SIGNER = "io.sealgate.signer..";
  private static final String LOG = "io.sealgate.log..";
  private static final String CLASSIFY = "io.sealgate.classify..";
  private static final String POLICY = "io.sealgate.policy..";
  private static final String GATEWAY = "io.sealgate.gateway..";

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    // The rules speak of our own packages only; reading the JDK would take ten times as long.
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.sealgate");
    for (final String module : new String[] {"store", "signer", "log", "classify", "policy"}) {
      assertTrue(
          classes.stream().anyMatch(c -> c.getPackageName().startsWith("io.sealgate." + module)),
          "no classes of " + module + " were read");
    }
  }

  @Test
  void shouldKnowNoOtherModuleWhenInTheStore() {
    forbid(STORE, SIGNER, LOG, CLASSIFY, POLICY, GATEWAY);
  }

  @Test
  void shouldKnowOnlyTheStoreWhenInTheSignerOrTheLog() {
    forbid(SIGNER, CLASSIFY, POLICY, GATEWAY);
    forbid(LOG, SIGNER, CLASSIFY, POLICY, GATEWAY);
  }

  @Test
  void shouldKnowNoOtherEngineWhenInTheClassifier() {
    forbid(CLASSIFY, SIGNER, LOG, POLICY, GATEWAY);
  }

  @Test
  void shouldKnowNoOtherEngineWhenInPolicy() {
    forbid(POLICY, SIGNER, LOG, CLASSIFY, GATEWAY);
  }

  @Test
  void shouldNeverReachTokensOrWriteTheLogWhenInTheWayOfACall() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.sealgate.gateway.call..",
            "io.sealgate.gateway.seal..",
            "io.sealgate.gateway.upstream..",
            "io.sealgate.gateway.openai..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.sealgate.signer.token..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.sealgate.log.store.LogWriter")
        .check(classes);
  }

  @Test
  void shouldHaveNoCyclesAmongTheGatewaysPackages() {
    slices().matching("io.sealgate.gateway.(*)..").should().beFreeOfCycles().check(classes);
  }

  private static void forbid(final String from, final String... to) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .check(classes);
  }
}
