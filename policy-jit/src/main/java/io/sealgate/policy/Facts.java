package io.sealgate.policy;

import io.sealgate.policy.cel.JsonValues;
import io.sealgate.policy.limit.Per;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What is known of one call when it is decided: the typed slots that rules and conditions read.
 *
 * <p>Mutable and reused: one instance belongs to one thread, is {@linkplain #clear cleared}, filled
 * and evaluated for each call. A slot that was not set is the empty string, 0 or false; a null
 * string counts as not set. Filling and clearing allocate only when a new highest finding type or
 * pattern index is met.
 */
public final class Facts {
  /** Bound of finding type ids. */
  public static final int FINDING_TYPES_MAX = 4_096;

  /** Bound of tenant pattern indexes, the same that a snapshot keeps to. */
  public static final int TENANT_PATTERNS_MAX = 65_536;

  private static final long DAY_MILLIS = 86_400_000L;
  private static final long HOUR_MILLIS = 3_600_000L;

  // Generated conditions read these fields directly, see Attribute.
  String org = "";
  String team = "";
  String user = "";
  String environment = "";
  String useCase = "";
  String apiKeyId = "";
  String model = "";
  String provider = "";
  String dialect = "";
  boolean stream;
  long maxTokens;
  long messageCount;
  long toolCount;
  long bodyBytes;
  long textBytes;
  long hourUtc;
  long dayOfWeek;
  long epochMillis;
  String agent = "";
  long agentAgeDays;
  String toolServer = "";
  String toolName = "";
  Map<String, Object> toolArguments = Map.of();
  long tokenEstimate;
  long costEstimateMicroDollars;
  final List<String> roles = new ArrayList<>(4);

  /** The arguments as conditions read them; null until one does. */
  private Object argumentsValue;

  private int[] typeCounts = new int[64];
  private int[] typeScoreMicros = new int[64];
  private int[] typesPresent = new int[64];
  private int typesPresentCount;
  private long[] patternBits = new long[4];
  private int[] patternsPresent = new int[16];
  private int patternsPresentCount;

  /** Forgets everything about the call before. */
  public void clear() {
    org = team = user = environment = useCase = apiKeyId = model = provider = dialect = "";
    agent = toolServer = toolName = "";
    toolArguments = Map.of();
    argumentsValue = null;
    roles.clear();
    stream = false;
    agentAgeDays = tokenEstimate = costEstimateMicroDollars = epochMillis = 0;
    maxTokens = messageCount = toolCount = bodyBytes = textBytes = hourUtc = dayOfWeek = 0;
    for (int i = 0; i < typesPresentCount; i++) {
      typeCounts[typesPresent[i]] = 0;
      typeScoreMicros[typesPresent[i]] = 0;
    }
    typesPresentCount = 0;
    for (int i = 0; i < patternsPresentCount; i++) {
      patternBits[patternsPresent[i] >>> 6] = 0;
    }
    patternsPresentCount = 0;
  }

  public Facts org(String value) {
    org = orEmpty(value);
    return this;
  }

  public Facts team(String value) {
    team = orEmpty(value);
    return this;
  }

  public Facts user(String value) {
    user = orEmpty(value);
    return this;
  }

  public Facts environment(String value) {
    environment = orEmpty(value);
    return this;
  }

  public Facts useCase(String value) {
    useCase = orEmpty(value);
    return this;
  }

  /** A role of the caller; a caller may have several. */
  public Facts addRole(String value) {
    if (value != null && !value.isEmpty() && !roles.contains(value)) {
      roles.add(value);
    }
    return this;
  }

  /** The agent that calls, empty if a person or a service calls directly. */
  public Facts agent(String value) {
    agent = orEmpty(value);
    return this;
  }

  /** Whole days since the agent was registered. */
  public Facts agentAgeDays(long value) {
    agentAgeDays = value;
    return this;
  }

  /**
   * The tool that an MCP call is for. A call with a tool name is admitted by {@code tool_access}
   * rules, every other one by {@code model_access} rules.
   */
  public Facts tool(String server, String name) {
    toolServer = orEmpty(server);
    toolName = orEmpty(name);
    return this;
  }

  /**
   * The arguments of the tool call as JSON values: {@code Boolean}, {@code Long} for every whole
   * number that fits, {@code Double}, {@code String}, {@code List}, {@code Map} with text keys and
   * null. Kept, not copied; must not change until the evaluation is over.
   */
  public Facts toolArguments(Map<String, Object> value) {
    toolArguments = value == null ? Map.of() : value;
    argumentsValue = null;
    return this;
  }

  /** The most tokens that the call could use, prompt and answer together. */
  public Facts tokenEstimate(long value) {
    tokenEstimate = value;
    return this;
  }

  /** The most that the call could cost, in millionths of a US dollar; 0 if no price is known. */
  public Facts costEstimateMicroDollars(long value) {
    costEstimateMicroDollars = value;
    return this;
  }

  public Facts apiKeyId(String value) {
    apiKeyId = orEmpty(value);
    return this;
  }

  public Facts model(String value) {
    model = orEmpty(value);
    return this;
  }

  public Facts provider(String value) {
    provider = orEmpty(value);
    return this;
  }

  public Facts dialect(String value) {
    dialect = orEmpty(value);
    return this;
  }

  public Facts stream(boolean value) {
    stream = value;
    return this;
  }

  public Facts maxTokens(long value) {
    maxTokens = value;
    return this;
  }

  public Facts messageCount(long value) {
    messageCount = value;
    return this;
  }

  public Facts toolCount(long value) {
    toolCount = value;
    return this;
  }

  public Facts bodyBytes(long value) {
    bodyBytes = value;
    return this;
  }

  public Facts textBytes(long value) {
    textBytes = value;
    return this;
  }

  /**
   * Counts one finding of a type.
   *
   * @throws IllegalArgumentException if the id is negative or {@link #FINDING_TYPES_MAX} or more
   */
  public void addFinding(int typeId, int scoreMicros) {
    addFindings(typeId, 1, scoreMicros);
  }

  void addFindings(int typeId, int count, int scoreMicros) {
    if (typeId < 0 || typeId >= FINDING_TYPES_MAX) {
      throw new IllegalArgumentException("finding type id " + typeId + " is out of range");
    }
    if (typeId >= typeCounts.length) {
      final int length = Integer.highestOneBit(typeId) << 1;
      typeCounts = Arrays.copyOf(typeCounts, length);
      typeScoreMicros = Arrays.copyOf(typeScoreMicros, length);
      typesPresent = Arrays.copyOf(typesPresent, length);
    }
    if (typeCounts[typeId] == 0) {
      typesPresent[typesPresentCount++] = typeId;
    }
    typeCounts[typeId] = (int) Math.min(Integer.MAX_VALUE, (long) typeCounts[typeId] + count);
    typeScoreMicros[typeId] = Math.max(typeScoreMicros[typeId], scoreMicros);
  }

  /**
   * Notes that a tenant pattern, by its index in {@link Snapshot#patterns()}, was found.
   *
   * @throws IllegalArgumentException if the index is negative or {@link #TENANT_PATTERNS_MAX} or
   *     more
   */
  public void addTenantPattern(int patternIndex) {
    if (patternIndex < 0 || patternIndex >= TENANT_PATTERNS_MAX) {
      throw new IllegalArgumentException("pattern index " + patternIndex + " is out of range");
    }
    final int word = patternIndex >>> 6;
    if (word >= patternBits.length) {
      patternBits = Arrays.copyOf(patternBits, Integer.highestOneBit(word) << 1);
    }
    if ((patternBits[word] & (1L << patternIndex)) != 0) {
      return;
    }
    patternBits[word] |= 1L << patternIndex;
    if (patternsPresentCount == patternsPresent.length) {
      patternsPresent = Arrays.copyOf(patternsPresent, patternsPresent.length * 2);
    }
    patternsPresent[patternsPresentCount++] = patternIndex;
  }

  /** The value that tells the counters of one limit apart. */
  String holder(Per per) {
    return switch (per) {
      case USER -> user;
      case TEAM -> team;
      case ORG -> org;
      case AGENT -> agent;
      case TOOL -> toolName;
      case USE_CASE -> useCase;
    };
  }

  /** How often a type was found. */
  public int findingCount(int typeId) {
    return typeId < typeCounts.length ? typeCounts[typeId] : 0;
  }

  /** The highest score of a type's findings, in millionths; 0 if there are none. */
  public int findingScoreMicros(int typeId) {
    return typeId < typeScoreMicros.length ? typeScoreMicros[typeId] : 0;
  }

  int findingTypeCount() {
    return typesPresentCount;
  }

  int findingType(int i) {
    return typesPresent[i];
  }

  // What follows is called by conditions that read a whole value, which allocates.

  Object toolArgumentsValue() {
    if (argumentsValue == null) {
      argumentsValue = JsonValues.of(toolArguments);
    }
    return argumentsValue;
  }

  Object callTime() {
    return Instant.ofEpochMilli(epochMillis);
  }

  List<String> callerRoles() {
    return roles;
  }

  /** The names of the types found, by rising id, so that no order of finding shows. */
  List<Object> labels(FindingTypeNames names) {
    final int[] ids = Arrays.copyOf(typesPresent, typesPresentCount);
    Arrays.sort(ids);
    final List<Object> labels = new ArrayList<>(ids.length);
    for (final int id : ids) {
      labels.add(names.name(id));
    }
    return labels;
  }

  int tenantPatternCount() {
    return patternsPresentCount;
  }

  int tenantPattern(int i) {
    return patternsPresent[i];
  }

  /** The lowest pattern index found that is not below another; -1 if there is none. */
  int nextTenantPattern(int from) {
    int word = from >>> 6;
    if (patternsPresentCount == 0 || word >= patternBits.length) {
      return -1;
    }
    long bits = patternBits[word] & -1L << from;
    while (bits == 0) {
      if (++word == patternBits.length) {
        return -1;
      }
      bits = patternBits[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /** Derives the time attributes from the one clock reading of an evaluation. */
  void at(long reading) {
    epochMillis = reading;
    hourUtc = Math.floorMod(reading, DAY_MILLIS) / HOUR_MILLIS;
    // 1970-01-01 was a Thursday, day 4 of a week that starts with Sunday as 0.
    dayOfWeek = Math.floorMod(Math.floorDiv(reading, DAY_MILLIS) + 4, 7L);
  }

  private static String orEmpty(String value) {
    return value == null ? "" : value;
  }
}
