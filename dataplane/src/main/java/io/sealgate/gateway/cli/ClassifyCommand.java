package io.sealgate.gateway.cli;

import io.sealgate.classify.Classifier;
import io.sealgate.classify.Findings;
import io.sealgate.classify.Scanner;
import io.sealgate.classify.Segments;
import io.sealgate.classify.StreamClassifier;
import io.sealgate.classify.TenantRules;
import io.sealgate.classify.find.PhoneRegions;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.ExampleText;
import io.sealgate.classify.pack.Pack;
import io.sealgate.classify.pack.PackException;
import io.sealgate.classify.pack.PackReader;
import io.sealgate.classify.pack.Rule;
import io.sealgate.classify.secret.TokenChecks;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.json.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Classifies texts by the rules that the gateway uses. */
@Command(
    name = "classify",
    description = {
      "Read JSON Lines {\"id\", \"text\"} from standard input and write one line of findings for"
          + " each. Offsets count Unicode code points, ends are exclusive."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ClassifyCommand implements Callable<Integer> {
  private static final double MICROS = 1_000_000.0;
  private static final int CHUNK_BYTES_MAX = 1 << 20;

  @Spec private CommandSpec spec;

  @Option(names = "--file", paramLabel = "FILE", description = "Classify this one text instead.")
  private Path file;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      description = "Push the text's UTF-8 through the stream classifier N bytes at a time.")
  private Optional<Integer> chunk;

  @Option(names = "--pack", paramLabel = "FILE", description = "Add a tenant's pack; repeatable.")
  private List<Path> packs = List.of();

  @Option(
      names = "--phone-regions",
      paramLabel = "GB,US,...",
      split = ",",
      description =
          "Find phone numbers in the national form of these regions (ISO 3166) instead of those"
              + " that the built-in packs name.")
  private List<String> phoneRegions;

  @Option(
      names = "--min-score",
      paramLabel = "S",
      description = "Least score to print, 0 to 1 (default: 0.4).")
  private Optional<Double> minScore;

  @Option(names = "--list", description = "Print every rule with its type, check and an example.")
  private boolean list;

  private int minScoreMicros = Hits.SCORE_MICROS_DEFAULT;

  @Override
  public Integer call() throws IOException, GatewayException {
    if (minScore.isPresent()) {
      require(minScore.get() >= 0 && minScore.get() <= 1, "--min-score must be 0 to 1");
      minScoreMicros = (int) Math.round(minScore.get() * MICROS);
    }
    require(
        chunk.orElse(1) >= 1 && chunk.orElse(1) <= CHUNK_BYTES_MAX,
        "--chunk must be 1 to " + CHUNK_BYTES_MAX);
    if (list) {
      list();
      return 0;
    }
    try (Classifier classifier = Classifier.compile(tenantRules(), Optional.empty());
        Scanner scanner = classifier.scanner()) {
      return file == null ? lines(classifier, scanner) : one(classifier, scanner);
    } catch (final ClassifierException e) {
      throw new GatewayException("classifier unavailable: " + e.getMessage(), e);
    }
  }

  private TenantRules tenantRules() throws IOException, GatewayException, ClassifierException {
    final List<Pack> read = new ArrayList<>();
    for (final Path path : packs) {
      try {
        read.add(PackReader.read(path.toString(), Files.readString(path)));
      } catch (final PackException e) {
        throw new GatewayException(e.getMessage(), e);
      }
    }
    final TenantRules rules = TenantRules.of(read);
    if (phoneRegions == null) {
      return rules;
    }
    try {
      return rules.withPhoneRegions(PhoneRegions.of(phoneRegions));
    } catch (final ClassifierException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private int lines(final Classifier classifier, final Scanner scanner)
      throws IOException, ClassifierException {
    final InputStream in = System.in;
    final ClassifyInput input = new ClassifyInput(in);
    final Segments segments = new Segments();
    final FindingLine line = new FindingLine();
    final Findings findings = new Findings();
    final PrintWriter out = spec.commandLine().getOut();
    try {
      while (input.next(segments)) {
        classify(scanner, segments, findings);
        out.append(write(line, input.id(), classifier, segments, findings));
      }
    } catch (final ClassifyInput.RefusedException e) {
      out.flush();
      spec.commandLine().getErr().println("sealgate: " + e.getMessage());
      spec.commandLine().getErr().flush();
      return CommandLine.ExitCode.USAGE;
    }
    out.flush();
    return 0;
  }

  private int one(final Classifier classifier, final Scanner scanner)
      throws IOException, ClassifierException {
    final byte[] utf8 = Files.readAllBytes(file);
    final Segments segments = new Segments();
    segments.clear();
    segments.addText(utf8, 0, utf8.length);
    final Findings findings = new Findings();
    classify(scanner, segments, findings);
    final StringBuilder id = new StringBuilder();
    JsonText.quote(id, file.getFileName().toString());
    final PrintWriter out = spec.commandLine().getOut();
    out.append(write(new FindingLine(), id.toString(), classifier, segments, findings));
    out.flush();
    return 0;
  }

  private void classify(final Scanner scanner, final Segments segments, final Findings findings)
      throws ClassifierException {
    if (chunk.isEmpty()) {
      scanner.scan(segments, findings);
      return;
    }
    findings.clear();
    final StreamClassifier stream = new StreamClassifier(scanner);
    final int length = segments.textLength();
    for (int from = 0; from < length; from += chunk.get()) {
      stream.push(segments.text(), from, Math.min(chunk.get(), length - from), findings);
    }
    stream.finish(findings);
  }

  private CharSequence write(
      final FindingLine line,
      final String id,
      final Classifier classifier,
      final Segments segments,
      final Findings findings) {
    line.begin(id, segments.text(), segments.textLength());
    for (int i = 0; i < findings.size(); i++) {
      if (findings.scoreMicros(i) >= minScoreMicros) {
        line.add(
            FindingTypes.name(findings.type(i)),
            findings.start(i),
            findings.end(i),
            findings.scoreMicros(i),
            findings.evidence(i).name().toLowerCase(Locale.ROOT),
            classifier.ruleName(findings.rule(i)));
      }
    }
    return line.end();
  }

  private void list() {
    final ExampleText examples = new ExampleText(TokenChecks.makers());
    final PrintWriter out = spec.commandLine().getOut();
    for (final Pack pack : BuiltInPacks.all()) {
      for (final Rule rule : pack.rules()) {
        final String check = rule.value("validator");
        out.printf(
            "%-28s %-36s %-22s %s%n",
            FindingTypes.name(rule.type()),
            pack.name() + "/" + rule.id(),
            check.isEmpty() ? rule.finder().key() : check,
            examples
                .expand(rule.examples().match().getFirst())
                .replace("<<", "")
                .replace(">>", "")
                .replace("\n", "\\n"));
      }
    }
    out.flush();
  }

  private void require(final boolean holds, final String otherwise) {
    if (!holds) {
      throw new CommandLine.ParameterException(spec.commandLine(), otherwise);
    }
  }
}
