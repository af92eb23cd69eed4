package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.run.ClassifierTypes;
import io.sealgate.policy.FindingTypeNames;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.PolicySet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Policies and tests that a command reads from files. */
final class PolicyFiles {
  /** Bound of the files of one folder. */
  private static final int FILES_MAX = 10_000;

  static final FindingTypeNames TYPES = new ClassifierTypes();

  @Parameters(
      paramLabel = "FILE|DIR",
      arity = "1..*",
      description = "Policies and tests; of a folder all .yaml, .yml and .json files.")
  private List<Path> paths;

  @Option(names = "--org", description = "Organisation, if the documents name none.")
  private String org;

  PolicySet read() throws IOException, PolicyException, GatewayException {
    return read(paths, org);
  }

  static PolicySet read(final List<Path> paths, final String org)
      throws IOException, PolicyException, GatewayException {
    final List<PolicySet.Source> sources = new ArrayList<>();
    for (final Path file : files(paths)) {
      sources.add(new PolicySet.Source(file.toString(), Files.readAllBytes(file)));
    }
    return PolicySet.read(sources, org == null ? "check" : org, TYPES);
  }

  static List<Path> files(final List<Path> paths) throws IOException, GatewayException {
    final List<Path> files = new ArrayList<>();
    for (final Path path : paths) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> inside = Files.walk(path)) {
          files.addAll(
              inside
                  .filter(Files::isRegularFile)
                  .filter(file -> file.toString().matches(".*\\.(yaml|yml|json)"))
                  .sorted()
                  .limit(FILES_MAX + 1L)
                  .toList());
        }
      } else if (Files.isRegularFile(path)) {
        files.add(path);
      } else {
        throw new GatewayException("there is no file " + path + "; correct the path");
      }
    }
    if (files.isEmpty() || files.size() > FILES_MAX) {
      throw new GatewayException(
          "found " + files.size() + " policy files; name 1 to " + FILES_MAX + " .yaml files");
    }
    return files;
  }
}
