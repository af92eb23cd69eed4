package io.sealgate.gateway.cli;

import static io.sealgate.gateway.cli.AdminClient.parameter;

import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.JcsReader;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.PolicySet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Published versions, as the running gateway of a data folder has them. */
final class PolicyVersions {
  @Mixin private DataOption data;

  @Option(names = "--org", description = "Organisation (default: the gateway's own).")
  private String org;

  /**
   * The documents of a version.
   *
   * @param number null for the one in force
   */
  PolicySet version(final Long number) throws IOException, GatewayException, PolicyException {
    return version(data.folder(), org, number);
  }

  static PolicySet version(final DataFolder data, final String org, final Long number)
      throws IOException, GatewayException, PolicyException {
    final Map<?, ?> version =
        ask(
            data,
            "/policies/documents?"
                + parameter("org", org)
                + parameter("version", number == null ? null : number.toString()));
    final List<PolicyDocument> documents = new ArrayList<>();
    for (final Object item : (List<?>) version.get("documents")) {
      final Map<?, ?> document = (Map<?, ?>) item;
      documents.add(
          PolicyDocument.parse(
              (String) document.get("file"),
              ((String) document.get("text")).getBytes(StandardCharsets.UTF_8),
              PolicyFiles.TYPES));
    }
    return PolicySet.of((String) version.get("org"), documents, PolicyFiles.TYPES);
  }

  /** The version that compiled to a snapshot, if there is one. */
  static Optional<PolicySet> bySnapshot(
      final DataFolder data, final String org, final String snapshotId)
      throws IOException, GatewayException, PolicyException {
    final Map<?, ?> history = ask(data, "/policies/history?" + parameter("org", org));
    for (final Object item : (List<?>) history.get("policies")) {
      final Map<?, ?> version = (Map<?, ?>) item;
      if (version.get("snapshot").equals(snapshotId)) {
        return Optional.of(version(data, org, ((Number) version.get("version")).longValue()));
      }
    }
    return Optional.empty();
  }

  private static Map<?, ?> ask(final DataFolder data, final String path)
      throws IOException, GatewayException {
    final AdminClient.Answer answer = new AdminClient(data).send("GET", path, new byte[0]);
    if (!answer.ok()) {
      throw new GatewayException(answer.body().strip());
    }
    return (Map<?, ?>) JcsReader.parse(answer.body().strip().getBytes(StandardCharsets.UTF_8));
  }

  /** The documents of a version's number, or of a file or folder. */
  List<PolicyDocument> side(final String numberOrPath)
      throws IOException, GatewayException, PolicyException {
    if (numberOrPath.matches("[0-9]{1,18}") && !Files.exists(Path.of(numberOrPath))) {
      return version(Long.valueOf(numberOrPath)).documents();
    }
    return PolicyFiles.read(List.of(Path.of(numberOrPath)), org).documents();
  }
}
