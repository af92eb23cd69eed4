package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.search.SearchField;
import io.sealgate.log.search.SearchIndex;
import io.sealgate.log.search.SearchQuery;
import io.sealgate.log.store.LogReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds records by their terms; the index follows the log when it is asked. */
@Command(
    name = "search",
    description = {
      "Find records, the newest first. Options of one kind may be repeated: a record with any of",
      "their values fits; it has to fit every kind of option that is given."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AuditSearchCommand implements Callable<Integer> {
  /** A running gateway has the index for a step at a time. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;
  @Mixin private DataOption data;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = MomentConverter.class,
      description = "First moment, such as 2026-11-21 or 2026-11-21T10:00:00Z.")
  private Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = MomentConverter.class,
      description = "Moment after the last.")
  private Instant to;

  @Option(names = "--org", description = "Organisation.")
  private List<String> orgs = List.of();

  @Option(names = "--team", description = "Team.")
  private List<String> teams = List.of();

  @Option(names = "--user", description = "User.")
  private List<String> users = List.of();

  @Option(names = "--agent", description = "Agent.")
  private List<String> agents = List.of();

  @Option(names = "--use-case", description = "Use case.")
  private List<String> useCases = List.of();

  @Option(names = "--model", description = "Model that was asked for.")
  private List<String> models = List.of();

  @Option(names = "--verdict", description = "Decision, such as allow or block.")
  private List<String> verdicts = List.of();

  @Option(names = "--rule", description = "Rule that matched, as policy/rule.")
  private List<String> rules = List.of();

  @Option(names = "--label", description = "Finding type, such as CREDIT_CARD.")
  private List<String> labels = List.of();

  @Option(names = "--kind", description = "decision, outcome or event.")
  private List<String> kinds = List.of();

  @Option(
      names = "--limit",
      defaultValue = "100",
      description = "Most records to print (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--json", description = "Print {\"index\", \"record\", \"shard\"} lines.")
  private boolean json;

  @Override
  public Integer call() throws IOException, GatewayException {
    final SearchQuery query;
    try {
      query =
          new SearchQuery(millis(from, Long.MIN_VALUE), millis(to, Long.MAX_VALUE), terms(), limit);
    } catch (final IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    final PrintWriter out = spec.commandLine().getOut();
    try (LogReader log = LogReader.open(data.folder().log());
        SearchIndex index = SearchIndex.open(data.folder().state(SearchIndex.FOLDER), PATIENCE)) {
      if (log.shards().isEmpty()) {
        throw new GatewayException(
            "there is no log in " + data.folder().root() + "; name the data folder with --data");
      }
      index.catchUp(log);
      index.search(log, query, (shard, at, record) -> out.println(line(shard, at, record)));
    }
    out.flush();
    return 0;
  }

  private String line(final String shard, final long index, final byte[] record) {
    final String text = new String(record, StandardCharsets.UTF_8);
    return json
        ? "{\"index\":" + index + ",\"record\":" + text + ",\"shard\":\"" + shard + "\"}"
        : shard + "  " + AuditCommand.line(index, record);
  }

  private Map<SearchField, Set<String>> terms() {
    final Map<SearchField, Set<String>> terms = new EnumMap<>(SearchField.class);
    put(terms, SearchField.ORG, orgs);
    put(terms, SearchField.TEAM, teams);
    put(terms, SearchField.USER, users);
    put(terms, SearchField.AGENT, agents);
    put(terms, SearchField.USE_CASE, useCases);
    put(terms, SearchField.MODEL, models);
    put(terms, SearchField.VERDICT, verdicts);
    put(terms, SearchField.RULE, rules);
    put(terms, SearchField.LABEL, labels);
    put(terms, SearchField.KIND, kinds);
    return terms;
  }

  private static void put(
      final Map<SearchField, Set<String>> terms, final SearchField field, final List<String> any) {
    if (!any.isEmpty()) {
      terms.put(field, Set.copyOf(any));
    }
  }

  private static long millis(final Instant moment, final long otherwise) {
    return moment == null ? otherwise : moment.toEpochMilli();
  }
}
