package io.sealgate.classify;

import static io.sealgate.classify.TokenText.ALPHANUMERIC;
import static io.sealgate.classify.TokenText.BASE32;
import static io.sealgate.classify.TokenText.BASE64_URL;
import static io.sealgate.classify.TokenText.DASH;
import static io.sealgate.classify.TokenText.DIGIT;
import static io.sealgate.classify.TokenText.LOWER;
import static io.sealgate.classify.TokenText.UPPER;
import static io.sealgate.classify.TokenText.WORD;
import static io.sealgate.classify.TokenText.runEnd;
import static io.sealgate.classify.TokenText.tokenEnds;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;

/**
 * Secrets with a fixed prefix. Hyperscan finds the literals, the walkers here confirm what follows;
 * each walk is bounded, and no alphabet holds {@link Segments#SEPARATOR}. Not thread-safe.
 */
final class Secrets {
  private enum Rule {
    AWS,
    GITHUB,
    GITHUB_FINE_GRAINED,
    NPM,
    GITLAB,
    OPENAI,
    OPENAI_LEGACY,
    ANTHROPIC,
    GOOGLE,
    SLACK,
    SLACK_APP,
    STRIPE,
    HUGGINGFACE,
    SENDGRID,
    PRIVATE_KEY,
    JWT
  }

  private record Anchor(String literal, Rule rule) {}

  private static final List<Anchor> ANCHORS =
      List.of(
          new Anchor("AKIA", Rule.AWS),
          new Anchor("ASIA", Rule.AWS),
          new Anchor("ABIA", Rule.AWS),
          new Anchor("ACCA", Rule.AWS),
          new Anchor("ghp_", Rule.GITHUB),
          new Anchor("gho_", Rule.GITHUB),
          new Anchor("ghu_", Rule.GITHUB),
          new Anchor("ghs_", Rule.GITHUB),
          new Anchor("ghr_", Rule.GITHUB),
          new Anchor("github_pat_", Rule.GITHUB_FINE_GRAINED),
          new Anchor("npm_", Rule.NPM),
          new Anchor("glpat-", Rule.GITLAB),
          new Anchor("sk-proj-", Rule.OPENAI),
          new Anchor("sk-svcacct-", Rule.OPENAI),
          new Anchor("sk-admin-", Rule.OPENAI),
          new Anchor("T3BlbkFJ", Rule.OPENAI_LEGACY),
          new Anchor("sk-ant-", Rule.ANTHROPIC),
          new Anchor("AIza", Rule.GOOGLE),
          new Anchor("xoxb-", Rule.SLACK),
          new Anchor("xoxp-", Rule.SLACK),
          new Anchor("xoxa-", Rule.SLACK),
          new Anchor("xoxr-", Rule.SLACK),
          new Anchor("xoxs-", Rule.SLACK),
          new Anchor("xoxe-", Rule.SLACK),
          new Anchor("xapp-", Rule.SLACK_APP),
          new Anchor("sk_live_", Rule.STRIPE),
          new Anchor("sk_test_", Rule.STRIPE),
          new Anchor("sk_prod_", Rule.STRIPE),
          new Anchor("rk_live_", Rule.STRIPE),
          new Anchor("rk_test_", Rule.STRIPE),
          new Anchor("rk_prod_", Rule.STRIPE),
          new Anchor("hf_", Rule.HUGGINGFACE),
          new Anchor("SG.", Rule.SENDGRID),
          new Anchor("-----BEGIN ", Rule.PRIVATE_KEY),
          new Anchor("eyJ", Rule.JWT));

  /** GitHub asks to plan for tokens of up to 255 characters; no other one here is longer. */
  private static final int TOKEN_BYTES_MAX = 512;

  private static final int CHECKED_BYTES = Base62Crc32.CHECKED_BYTES + Base62Crc32.CHECKSUM_BYTES;

  private static final int CHECKSUM_SCORE_MICROS = 1_000_000;
  private static final int PREFIX_SCORE_MICROS = 950_000;

  /** A known prefix before a token that is longer than those issued today. */
  private static final int LENGTH_UNKNOWN_SCORE_MICROS = 700_000;

  private static final byte[] OPENAI_INFIX = "T3BlbkFJ".getBytes(US_ASCII);
  private static final byte[] OPENAI_LEGACY_PREFIX = "sk-".getBytes(US_ASCII);
  private static final int OPENAI_LEGACY_HALF_BYTES = 20;
  private static final int ANTHROPIC_BODY_BYTES = 93;

  private final Base62Crc32 checksum = new Base62Crc32();
  private final JsonWebTokens webTokens = new JsonWebTokens();

  /** The literals to find, case-sensitive; their index is what {@link #confirm} takes. */
  static List<String> literals() {
    return ANCHORS.stream().map(Anchor::literal).toList();
  }

  /**
   * Looks at the text around a literal and adds a hit when it is a secret.
   *
   * @param end one past the last byte of the literal
   */
  void confirm(
      final int literal, final int end, final byte[] text, final int length, final Hits out) {
    final Anchor anchor = ANCHORS.get(literal);
    final int start = end - anchor.literal().length();
    if (anchor.rule() == Rule.OPENAI_LEGACY) {
      openAiLegacy(text, start, end, length, out);
      return;
    }
    if (anchor.rule() == Rule.PRIVATE_KEY) {
      add(FindingTypes.PRIVATE_KEY, start, PrivateKeys.end(text, start, end, length), out);
      return;
    }
    if (!TokenText.tokenMayBegin(text, start)) {
      return;
    }
    switch (anchor.rule()) {
      case AWS -> fixed(FindingTypes.AWS_ACCESS_KEY, text, start, end, length, BASE32, 16, out);
      case GITHUB -> checked(FindingTypes.GITHUB_TOKEN, text, start, end, length, true, out);
      case NPM -> checked(FindingTypes.NPM_TOKEN, text, start, end, length, false, out);
      case HUGGINGFACE ->
          fixed(FindingTypes.HUGGINGFACE_TOKEN, text, start, end, length, ALPHANUMERIC, 34, out);
      case GITHUB_FINE_GRAINED ->
          add(FindingTypes.GITHUB_TOKEN, start, atLeast(text, end, length, WORD, 82), out);
      case GITLAB -> add(FindingTypes.GITLAB_TOKEN, start, gitLab(text, end, length), out);
      case OPENAI -> add(FindingTypes.OPENAI_KEY, start, openAi(text, end, length), out);
      case ANTHROPIC -> add(FindingTypes.ANTHROPIC_KEY, start, anthropic(text, end, length), out);
      case GOOGLE -> add(FindingTypes.GOOGLE_API_KEY, start, google(text, end, length), out);
      case SLACK -> add(FindingTypes.SLACK_TOKEN, start, slack(text, end, length), out);
      case SLACK_APP -> add(FindingTypes.SLACK_TOKEN, start, slackApp(text, end, length), out);
      case STRIPE -> add(FindingTypes.STRIPE_KEY, start, stripe(text, end, length), out);
      case SENDGRID -> add(FindingTypes.SENDGRID_KEY, start, sendGrid(text, end, length), out);
      case JWT -> add(FindingTypes.JWT, start, webTokens.end(text, start, length), out);
      default -> throw new IllegalStateException("no walker for " + anchor.rule());
    }
  }

  private static void add(final int type, final int start, final int end, final Hits out) {
    if (end > start) {
      out.add(type, start, end, PREFIX_SCORE_MICROS, Evidence.PREFIX, -1);
    }
  }

  private static void fixed(
      final int type,
      final byte[] text,
      final int start,
      final int tail,
      final int length,
      final int alphabet,
      final int bytes,
      final Hits out) {
    final int end = runEnd(text, tail, length, alphabet, bytes);
    if (end - tail == bytes && tokenEnds(text, end, length)) {
      add(type, start, end, out);
    }
  }

  /** With 36 characters the checksum decides; a longer tail is judged by its first 36. */
  private void checked(
      final int type,
      final byte[] text,
      final int start,
      final int tail,
      final int length,
      final boolean mayBeLonger,
      final Hits out) {
    final int end = runEnd(text, tail, length, ALPHANUMERIC, TOKEN_BYTES_MAX);
    if (end - tail < CHECKED_BYTES) {
      return;
    }
    if (checksum.agrees(text, tail)) {
      out.add(type, start, end, CHECKSUM_SCORE_MICROS, Evidence.PREFIX_AND_CHECKSUM, -1);
    } else if (mayBeLonger && end - tail > CHECKED_BYTES) {
      out.add(type, start, end, LENGTH_UNKNOWN_SCORE_MICROS, Evidence.PREFIX, -1);
    }
  }

  private static int atLeast(
      final byte[] text, final int tail, final int length, final int alphabet, final int bytes) {
    final int end = runEnd(text, tail, length, alphabet, TOKEN_BYTES_MAX);
    return end - tail >= bytes ? end : -1;
  }

  /** Twenty characters, or the routable form: a longer tail, a full stop and nine more. */
  private static int gitLab(final byte[] text, final int tail, final int length) {
    final int end = atLeast(text, tail, length, BASE64_URL, 20);
    if (end < 0 || end >= length || text[end] != '.') {
      return end;
    }
    final int routed = runEnd(text, end + 1, length, DIGIT | LOWER, 9);
    return routed - end - 1 == 9 && tokenEnds(text, routed, length) ? routed : end;
  }

  private static int openAi(final byte[] text, final int tail, final int length) {
    final int end = runEnd(text, tail, length, BASE64_URL, TOKEN_BYTES_MAX);
    final int infix = TokenText.indexOf(text, tail, end, OPENAI_INFIX);
    final boolean whole =
        infix - tail >= OPENAI_LEGACY_HALF_BYTES
            && end - infix - OPENAI_INFIX.length >= OPENAI_LEGACY_HALF_BYTES;
    return whole ? end : -1;
  }

  /** The prefix {@code sk-} is too common to search for; the infix is not. */
  private static void openAiLegacy(
      final byte[] text, final int infix, final int tail, final int length, final Hits out) {
    final int body = infix - OPENAI_LEGACY_HALF_BYTES;
    final int start = body - OPENAI_LEGACY_PREFIX.length;
    if (!TokenText.startsWith(text, start, length, OPENAI_LEGACY_PREFIX)
        || !TokenText.tokenMayBegin(text, start)
        || runEnd(text, body, infix, ALPHANUMERIC, OPENAI_LEGACY_HALF_BYTES) != infix) {
      return;
    }
    fixed(
        FindingTypes.OPENAI_KEY,
        text,
        start,
        tail,
        length,
        ALPHANUMERIC,
        OPENAI_LEGACY_HALF_BYTES,
        out);
  }

  /** Kind and version such as {@code api03-} or {@code admin01-}, 93 characters, {@code AA}. */
  private static int anthropic(final byte[] text, final int tail, final int length) {
    final int kind = runEnd(text, tail, length, LOWER, 8);
    final int version = runEnd(text, kind, length, DIGIT, 2);
    if (kind == tail || version - kind != 2 || version >= length || text[version] != '-') {
      return -1;
    }
    final int mark = version + 1 + ANTHROPIC_BODY_BYTES;
    final int end = atLeast(text, version + 1, length, BASE64_URL, ANTHROPIC_BODY_BYTES + 2);
    return end > 0 && text[mark] == 'A' && text[mark + 1] == 'A' ? end : -1;
  }

  private static int google(final byte[] text, final int tail, final int length) {
    final int end = runEnd(text, tail, length, BASE64_URL, 35);
    return end - tail == 35 && tokenEnds(text, end, length) ? end : -1;
  }

  /** Bot and user tokens begin with the workspace's number; older kinds only hold digits. */
  private static int slack(final byte[] text, final int tail, final int length) {
    final int end = atLeast(text, tail, length, ALPHANUMERIC | DASH, 16);
    return end > 0 && TokenText.contains(text, tail, end, DIGIT) ? end : -1;
  }

  private static int slackApp(final byte[] text, final int tail, final int length) {
    final int level = runEnd(text, tail, length, DIGIT, 2);
    if (level == tail || level >= length || text[level] != '-') {
      return -1;
    }
    final int application = runEnd(text, level + 1, length, DIGIT | UPPER, 32);
    if (application - level < 8 || application >= length || text[application] != '-') {
      return -1;
    }
    return atLeast(text, application + 1, length, ALPHANUMERIC | DASH, 20);
  }

  private static int stripe(final byte[] text, final int tail, final int length) {
    final int end = atLeast(text, tail, length, ALPHANUMERIC, 10);
    return end > 0 && TokenText.contains(text, tail, end, DIGIT) ? end : -1;
  }

  private static int sendGrid(final byte[] text, final int tail, final int length) {
    final int dot = runEnd(text, tail, length, BASE64_URL, 22);
    if (dot - tail != 22 || dot >= length || text[dot] != '.') {
      return -1;
    }
    final int end = runEnd(text, dot + 1, length, BASE64_URL, 43);
    return end - dot - 1 == 43 && tokenEnds(text, end, length) ? end : -1;
  }
}
