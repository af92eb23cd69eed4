package io.sealgate.classify;

import io.sealgate.classify.anchor.AnchorLiteral;
import io.sealgate.classify.anchor.Anchors;
import io.sealgate.classify.find.Ascii;
import io.sealgate.classify.find.PhoneRegions;
import io.sealgate.classify.find.Words;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.hyperscan.ExpressionCost;
import io.sealgate.classify.hyperscan.Hyperscan;
import io.sealgate.classify.hyperscan.HyperscanDatabase;
import io.sealgate.classify.stream.LiteralAutomaton;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tenant's patterns cut into what is found as bytes in one pass over all text and what needs the
 * start of a match and is run segment by segment.
 */
final class PatternSet {
  /** Bounds of a repeat; tens of thousands overflow the stack of Hyperscan's compiler. */
  static final int REPEAT_MAX = 1_000;

  /** What is compiled in this process: milliseconds, whatever the expressions are. */
  private static final int EXPRESSIONS_COST_MAX = 32;

  /** Literals cost what they are long. */
  private static final int LITERALS_COST_MAX = 64 * 1024;

  private static final List<HyperscanDatabase.Expression> ANCHORS = anchors();

  /** The first of a literal's identifiers that belongs to a tenant. */
  private static final int FIRST_TENANT_LITERAL = ANCHORS.size();

  /** Compiled when a tenant has an expression. */
  private static final class Repeats {
    static final Pattern BOUNDS = Pattern.compile("(?<!\\\\[xop])\\{([0-9]*),?([0-9]*)\\}");
  }

  private final List<HyperscanDatabase.Expression> literals =
      new ArrayList<>(ANCHORS.subList(Anchors.shortCount(), ANCHORS.size()));
  private final List<HyperscanDatabase.Expression> expressions = new ArrayList<>();
  private final Evidence[] evidence;
  private final boolean[] wordFirst;
  private final boolean[] wordLast;
  private final int[] literalRules;
  private final int[] literalBytes;
  private final int[] expressionRules;
  private long literalsCost;
  private long expressionsCost;

  /** A literal that is a word of a topic, and whether its edges must be those of words. */
  private record TopicWord(int topic, int index, int bytes, boolean wordFirst, boolean wordLast) {}

  private final List<TenantTopic> topics;
  private final PhoneRegions phoneRegions;
  private final TopicWord[] topicEdges;
  private final int firstTopicLiteral;
  private final int ruleCount;
  private final List<String> names = new ArrayList<>();

  private final List<byte[]> literalTexts = new ArrayList<>();
  private final boolean[] bytesOfNoLiteral = new boolean[256];

  /** Made when first needed. */
  private LiteralAutomaton automaton;

  PatternSet(final TenantRules rules) throws ClassifierException {
    final List<TenantPattern> patterns = rules.patterns();
    topics = rules.topics();
    phoneRegions = rules.nationalPhones();
    for (final TenantPattern pattern : patterns) {
      names.add(pattern.name());
    }
    int topicWords = 0;
    for (final TenantTopic topic : topics) {
      names.add(topic.name());
      topicWords += topic.words().size();
    }
    if (patterns.size() + topicWords > TenantPattern.PATTERNS_MAX) {
      throw new ClassifierException(
          patterns.size()
              + topicWords
              + " patterns and words of topics are more than "
              + TenantPattern.PATTERNS_MAX
              + "; use fewer");
    }
    ruleCount = patterns.size();
    evidence = new Evidence[patterns.size()];
    wordFirst = new boolean[patterns.size()];
    wordLast = new boolean[patterns.size()];
    literalRules = new int[patterns.size()];
    literalBytes = new int[patterns.size()];
    expressionRules = new int[patterns.size()];
    for (final AnchorLiteral literal : Anchors.literals()) {
      literalTexts.add(literal.text().getBytes(StandardCharsets.UTF_8));
    }
    for (int rule = 0; rule < patterns.size(); rule++) {
      add(patterns.get(rule), rule);
    }
    firstTopicLiteral = literalTexts.size();
    topicEdges = new TopicWord[topicWords];
    int word = 0;
    for (int topic = 0; topic < topics.size(); topic++) {
      checkTopic(topics.get(topic));
      for (int i = 0; i < topics.get(topic).words().size(); i++) {
        topicEdges[word++] = topicWord(topic, i);
      }
    }
    Arrays.fill(bytesOfNoLiteral, true);
    for (final byte[] text : literalTexts) {
      for (final byte b : text) {
        bytesOfNoLiteral[b & 0xFF] = false;
        if (Ascii.letter(b)) {
          bytesOfNoLiteral[b ^ 0x20] = false;
        }
      }
    }
  }

  private static List<HyperscanDatabase.Expression> anchors() {
    final List<HyperscanDatabase.Expression> anchors = new ArrayList<>();
    for (final AnchorLiteral literal : Anchors.literals()) {
      anchors.add(
          new HyperscanDatabase.Expression(
              literal.text(),
              HyperscanDatabase.Expression.escape(literal.text()),
              literal.ignoreCase() ? Hyperscan.FLAG_CASELESS : 0));
    }
    return List.copyOf(anchors);
  }

  private static void checkTopic(final TenantTopic topic) throws ClassifierException {
    long sum = 0;
    for (final TenantTopic.Word word : topic.words()) {
      sum += word.weight() < 1 ? Long.MIN_VALUE / TenantTopic.WORDS_MAX : word.weight();
    }
    if (topic.words().size() > TenantTopic.WORDS_MAX
        || sum < 0
        || topic.threshold() < 1
        || topic.threshold() > sum) {
      throw new ClassifierException(
          "topic \""
              + topic.name()
              + "\" needs 1 to "
              + TenantTopic.WORDS_MAX
              + " words with weights from 1 on, and a threshold from 1 to their sum");
    }
  }

  private TopicWord topicWord(final int topic, final int index) throws ClassifierException {
    final String name = topics.get(topic).name();
    final String text = topics.get(topic).words().get(index).text();
    final int bytes = checkedLength(new TenantPattern(name, text, false, false));
    if (bytes > Reach.SPAN_BYTES_MAX) {
      throw new ClassifierException(
          "topic \"" + name + "\" has a word longer than " + Reach.SPAN_BYTES_MAX + " bytes");
    }
    literalsCost += bytes;
    literals.add(
        new HyperscanDatabase.Expression(
            name, HyperscanDatabase.Expression.escape(text), Hyperscan.FLAG_CASELESS));
    literalTexts.add(text.getBytes(StandardCharsets.UTF_8));
    return new TopicWord(
        topic,
        index,
        bytes,
        Words.isWordCharacter(text.codePointAt(0)),
        Words.isWordCharacter(text.codePointBefore(text.length())));
  }

  private void add(final TenantPattern pattern, final int rule) throws ClassifierException {
    final int bytes = checkedLength(pattern);
    final int caseFlag = pattern.caseSensitive() ? 0 : Hyperscan.FLAG_CASELESS;
    final String text = pattern.expression();
    if (pattern.regex()) {
      evidence[rule] = Evidence.PATTERN;
      checkRepeats(pattern);
      addExpression(pattern, text, caseFlag, rule);
      return;
    }
    evidence[rule] = Evidence.KEYWORD;
    wordFirst[rule] = Words.isWordCharacter(text.codePointAt(0));
    wordLast[rule] = Words.isWordCharacter(text.codePointBefore(text.length()));
    final String escaped = HyperscanDatabase.Expression.escape(text);
    if (bytes != text.length() && !pattern.caseSensitive()) {
      // Other cases of a letter may have another length, so the start has to be reported.
      addExpression(pattern, escaped, caseFlag, rule);
      return;
    }
    final int literal = literalTexts.size() - FIRST_TENANT_LITERAL;
    literalRules[literal] = rule;
    literalBytes[literal] = bytes;
    literalsCost += bytes;
    literals.add(new HyperscanDatabase.Expression(pattern.name(), escaped, caseFlag));
    literalTexts.add(text.getBytes(StandardCharsets.UTF_8));
  }

  private void addExpression(
      final TenantPattern pattern, final String expression, final int caseFlag, final int rule) {
    expressionsCost += ExpressionCost.of(expression);
    expressionRules[expressions.size()] = rule;
    expressions.add(
        new HyperscanDatabase.Expression(
            pattern.name(),
            expression,
            caseFlag | Hyperscan.FLAG_UTF8 | Hyperscan.FLAG_SOM_LEFTMOST));
  }

  private static void checkRepeats(final TenantPattern pattern) throws ClassifierException {
    final Matcher repeats = Repeats.BOUNDS.matcher(pattern.expression());
    while (repeats.find()) {
      if (tooLarge(repeats.group(1)) || tooLarge(repeats.group(2))) {
        throw refused(pattern, "a repeat is bounded by more than " + REPEAT_MAX, null);
      }
    }
  }

  private static boolean tooLarge(final String digits) {
    return digits.length() > 9 || !digits.isEmpty() && Integer.parseInt(digits) > REPEAT_MAX;
  }

  private static int checkedLength(final TenantPattern pattern) throws ClassifierException {
    final int bytes;
    try {
      bytes =
          StandardCharsets.UTF_8
              .newEncoder()
              .encode(CharBuffer.wrap(pattern.expression()))
              .remaining();
    } catch (final CharacterCodingException e) {
      throw refused(pattern, "it holds half of a surrogate pair", e);
    }
    if (bytes == 0) {
      throw refused(pattern, "it is empty", null);
    }
    if (bytes > TenantPattern.EXPRESSION_BYTES_MAX) {
      throw refused(
          pattern, bytes + " bytes are more than " + TenantPattern.EXPRESSION_BYTES_MAX, null);
    }
    if (pattern.expression().indexOf(0) >= 0) {
      throw refused(pattern, "it holds the character U+0000", null);
    }
    return bytes;
  }

  private static ClassifierException refused(
      final TenantPattern pattern, final String why, final Throwable cause) {
    return new ClassifierException("pattern \"" + pattern.name() + "\" is refused: " + why, cause);
  }

  String ruleName(final int rule) {
    return names.get(rule);
  }

  PhoneRegions phoneRegions() {
    return phoneRegions;
  }

  /**
   * The anchors of built-in rules first, then keywords and words of topics. The number of a literal
   * is its index after {@link ShortAnchors}.
   */
  List<HyperscanDatabase.Expression> literals() {
    return literals;
  }

  /** By unsigned values: the bytes that are part of no match of {@link #literals}. */
  boolean[] bytesOfNoLiteral() {
    return bytesOfNoLiteral;
  }

  /** The length of every match of a literal. */
  int literalBytes(final int literal) {
    return literalTexts.get(literal).length;
  }

  /** May be empty. */
  List<HyperscanDatabase.Expression> expressions() {
    return expressions;
  }

  /** Whether compiling {@link #literals} could take long. */
  boolean literalsAreCostly() {
    return literalsCost > LITERALS_COST_MAX;
  }

  /** Whether compiling {@link #expressions} could take long. */
  boolean expressionsAreCostly() {
    return expressionsCost > EXPRESSIONS_COST_MAX;
  }

  /** The literals, for a text that comes in pieces. */
  synchronized LiteralAutomaton automaton() {
    if (automaton == null) {
      automaton = new LiteralAutomaton(literalTexts);
    }
    return automaton;
  }

  static boolean isAnchor(final int literal) {
    return literal < FIRST_TENANT_LITERAL;
  }

  /** Scratch space for one thread. */
  TopicMatches topicMatches() {
    return new TopicMatches(topics, ruleCount);
  }

  /** Adds a keyword of {@link #literals} that ends before {@code end}, if its edges are right. */
  void literal(
      final int literal,
      final int end,
      final byte[] text,
      final int length,
      final Hits out,
      final TopicMatches topicMatches) {
    if (literal >= firstTopicLiteral) {
      final TopicWord word = topicEdges[literal - firstTopicLiteral];
      final int start = end - word.bytes();
      if (!(word.wordFirst() && Words.wordEndsAt(text, start))
          && !(word.wordLast() && Words.wordBeginsAt(text, end, length))) {
        topicMatches.add(word.topic(), word.index(), start, end);
      }
      return;
    }
    final int index = literal - FIRST_TENANT_LITERAL;
    match(literalRules[index], end - literalBytes[index], end, text, length, out);
  }

  /** Adds a match of {@link #expressions}, if its edges are right. */
  void expression(
      final int expression,
      final int start,
      final int end,
      final byte[] text,
      final int length,
      final Hits out) {
    match(expressionRules[expression], start, end, text, length, out);
  }

  private void match(
      final int rule,
      final int start,
      final int end,
      final byte[] text,
      final int length,
      final Hits out) {
    if (wordFirst[rule] && Words.wordEndsAt(text, start)
        || wordLast[rule] && Words.wordBeginsAt(text, end, length)) {
      return;
    }
    out.add(FindingTypes.TENANT_PATTERN, start, end, Hits.SCORE_MICROS_MAX, evidence[rule], rule);
  }
}
