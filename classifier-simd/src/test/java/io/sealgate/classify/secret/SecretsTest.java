package io.sealgate.classify.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.Classifier;
import io.sealgate.classify.Findings;
import io.sealgate.classify.Scanner;
import io.sealgate.classify.Segments;
import io.sealgate.classify.anchor.AnchorLiteral;
import io.sealgate.classify.anchor.Anchors;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.FindingTypes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every token is made up at run time, so that no scanner of sources takes one for real. */
public class SecretsTest {
  private static final String DIGITS = "0123456789";
  private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String ALPHANUMERIC = DIGITS + UPPER + "abcdefghijklmnopqrstuvwxyz";
  private static final String INFIX = "T3Blb" + "kFJ";
  private static final String SK = "s" + "k-";

  private static Classifier classifier;
  private static Scanner scanner;

  public record Sample(int type, String token) {
    @Override
    public String toString() {
      return FindingTypes.name(type) + " of " + token.length();
    }
  }

  @BeforeAll
  public static void compile() throws ClassifierException {
    classifier = Classifier.compile(List.of());
    scanner = classifier.scanner();
  }

  @AfterAll
  public static void close() {
    scanner.close();
    classifier.close();
  }

  public static String random(final Random random, final String alphabet, final int length) {
    final var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  /** Written a second time, with BigInteger-free long division from the left. */
  public static String checked(final String prefix, final Random random) {
    final String body = random(random, ALPHANUMERIC, 30);
    final var crc = new CRC32();
    crc.update(body.getBytes(UTF_8));
    final var tail = new StringBuilder();
    long power = 62L * 62 * 62 * 62 * 62;
    for (long rest = crc.getValue(); power > 0; power /= 62) {
      tail.append(ALPHANUMERIC.charAt((int) (rest / power)));
      rest %= power;
    }
    return prefix + body + tail;
  }

  public static String jwt(final String header) {
    final Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return encoder.encodeToString(header.getBytes(UTF_8))
        + "."
        + encoder.encodeToString("{\"sub\":\"1\"}".getBytes(UTF_8))
        + "."
        + encoder.encodeToString(new byte[32]);
  }

  public static String pem(final String label) {
    final String body = Base64.getMimeEncoder().encodeToString(new byte[200]);
    return "-----BEG" + "IN " + label + "-----\n" + body + "\n-----END " + label + "-----";
  }

  public static Stream<Sample> samples() {
    final var r = new Random(7);
    final List<Sample> all = new ArrayList<>();
    for (final String prefix : List.of("AK" + "IA", "AS" + "IA")) {
      all.add(new Sample(FindingTypes.AWS_ACCESS_KEY, prefix + random(r, UPPER + "234567", 16)));
    }
    for (final String kind : List.of("p", "o", "u", "s", "r")) {
      all.add(new Sample(FindingTypes.GITHUB_TOKEN, checked("gh" + kind + "_", r)));
    }
    all.add(
        new Sample(
            FindingTypes.GITHUB_TOKEN,
            "github" + "_pat_" + random(r, ALPHANUMERIC, 22) + "_" + random(r, ALPHANUMERIC, 59)));
    all.add(new Sample(FindingTypes.NPM_TOKEN, checked("npm" + "_", r)));
    all.add(new Sample(FindingTypes.GITLAB_TOKEN, "glp" + "at-" + random(r, ALPHANUMERIC, 20)));
    all.add(
        new Sample(
            FindingTypes.GITLAB_TOKEN,
            "glp" + "at-" + random(r, ALPHANUMERIC, 27) + "." + random(r, DIGITS, 9)));
    for (final String kind : List.of("proj-", "svcacct-", "admin-")) {
      all.add(
          new Sample(
              FindingTypes.OPENAI_KEY,
              SK + kind + random(r, ALPHANUMERIC, 74) + INFIX + random(r, ALPHANUMERIC, 74)));
    }
    all.add(
        new Sample(
            FindingTypes.OPENAI_KEY,
            SK + random(r, ALPHANUMERIC, 20) + INFIX + random(r, ALPHANUMERIC, 20)));
    for (final String kind : List.of("api03-", "admin01-")) {
      all.add(
          new Sample(
              FindingTypes.ANTHROPIC_KEY,
              SK + "ant-" + kind + random(r, ALPHANUMERIC + "_-", 92) + "xAA"));
    }
    all.add(new Sample(FindingTypes.GOOGLE_API_KEY, "AI" + "za" + random(r, ALPHANUMERIC, 35)));
    all.add(
        new Sample(
            FindingTypes.SLACK_TOKEN,
            "xox"
                + "b-"
                + random(r, DIGITS, 12)
                + "-"
                + random(r, DIGITS, 12)
                + "-"
                + random(r, ALPHANUMERIC, 24)));
    all.add(
        new Sample(
            FindingTypes.SLACK_TOKEN,
            "xa"
                + "pp-1-A"
                + random(r, DIGITS, 10)
                + "-"
                + random(r, DIGITS, 13)
                + "-"
                + random(r, "0123456789abcdef", 64)));
    for (final String prefix : List.of("sk" + "_live_", "rk" + "_live_", "sk" + "_test_")) {
      all.add(new Sample(FindingTypes.STRIPE_KEY, prefix + "5" + random(r, ALPHANUMERIC, 24)));
    }
    all.add(new Sample(FindingTypes.HUGGINGFACE_TOKEN, "h" + "f_" + random(r, ALPHANUMERIC, 34)));
    all.add(
        new Sample(
            FindingTypes.SENDGRID_KEY,
            "S" + "G." + random(r, ALPHANUMERIC, 22) + "." + random(r, ALPHANUMERIC, 43)));
    for (final String label : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK")) {
      all.add(new Sample(FindingTypes.PRIVATE_KEY, pem(label)));
    }
    all.add(new Sample(FindingTypes.JWT, jwt("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void shouldFindTheWholeTokenWhenItStandsInText(final Sample sample) throws ClassifierException {
    for (final String before :
        List.of("", "key ", "\"", "=", "line\\n", "k%3D", "\u5bc6\u94a5", "\u0000")) {
      for (final String after : List.of("", " and", "\"}", ", x", "\u5bc6")) {
        final Findings findings = scan(before + sample.token() + after);

        assertEquals(1, findings.size(), before + "|" + after);
        assertEquals(sample.type(), findings.type(0));
        assertEquals(before.getBytes(UTF_8).length, findings.start(0));
        assertEquals(sample.token().length(), findings.end(0) - findings.start(0));
        assertTrue(findings.rule(0) < 0);
        assertTrue(findings.scoreMicros(0) > 900_000);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void shouldFindNoSecretWhenTheTokenIsCutOrGlued(final Sample sample) throws ClassifierException {
    final String token = sample.token();
    if (sample.type() != FindingTypes.PRIVATE_KEY) {
      assertNoSecret("x" + token);
    }
    assertNoSecret(token.substring(1));
    assertNoSecret(token.substring(0, Math.min(20, token.length() / 4)));
    assertNoSecret(token.substring(0, 8) + " " + token.substring(8));
  }

  @Test
  void shouldLetTheChecksumDecideWhenTheTokenHas36Characters() throws ClassifierException {
    final var r = new Random(3);
    for (final String prefix : List.of("gh" + "p_", "npm" + "_")) {
      for (int i = 0; i < 200; i++) {
        final String token = checked(prefix, r);
        final Findings found = scan(token);
        assertEquals(1, found.size());
        assertEquals(Evidence.PREFIX_AND_CHECKSUM, found.evidence(0));
        assertEquals(1_000_000, found.scoreMicros(0));

        final int at = prefix.length() + r.nextInt(36);
        final char other = token.charAt(at) == 'q' ? 'w' : 'q';
        assertNoSecret(token.substring(0, at) + other + token.substring(at + 1));
      }
    }
  }

  @Test
  void shouldReportLessWhenAGithubTokenIsLongerThanThoseIssued() throws ClassifierException {
    final Findings found = scan("gh" + "s_" + random(new Random(5), ALPHANUMERIC, 120));

    assertEquals(1, found.size());
    assertEquals(Evidence.PREFIX, found.evidence(0));
    assertEquals(700_000, found.scoreMicros(0));
  }

  @Test
  void shouldWantAnAlgorithmWhenSomethingLooksLikeAWebToken() throws ClassifierException {
    assertNoSecret(jwt("{\"typ\":\"JWT\"}"));
    assertNoSecret(jwt("{\"alg\":5}"));
    assertNoSecret(jwt("{\"alg\":\"HS256\""));
    assertNoSecret(jwt("{\"alg\":\"none\"}").replace('.', ' '));

    final String token = jwt("{\"alg\":\"none\"}");
    final Findings unsigned = scan(token.substring(0, token.lastIndexOf('.') + 1) + " x");
    assertEquals(1, unsigned.size());
    assertEquals(token.lastIndexOf('.') + 1, unsigned.end(0));
    assertEquals(token.length(), scan(token + ". Next sentence").end(0));
  }

  @Test
  void shouldCoverTheBodyWhenAPrivateKeyIsCutOff() throws ClassifierException {
    final String whole = pem("EC PRIVATE KEY");
    final String cut = whole.substring(0, whole.indexOf("\n-----END"));
    final Findings found = scan("see " + cut);

    assertEquals(1, found.size());
    assertEquals(FindingTypes.PRIVATE_KEY, found.type(0));
    assertEquals(4 + cut.length(), found.end(0));
  }

  @Test
  void shouldFindNoPrivateKeyWhenItIsPublicOrEmpty() throws ClassifierException {
    assertNoSecret(pem("PUBLIC KEY"));
    assertNoSecret(pem("CERTIFICATE"));
    assertNoSecret("-----BEG" + "IN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----");
  }

  @Test
  void shouldStayBoundedWhenAnchorsAreDense() throws ClassifierException {
    for (final AnchorLiteral literal : Anchors.literals()) {
      scan((literal.text() + " ").repeat(4_000));
      scan(literal.text().repeat(4_000));
    }
  }

  private static void assertNoSecret(final String text) throws ClassifierException {
    final Findings findings = scan(text);
    for (int i = 0; i < findings.size(); i++) {
      assertTrue(
          findings.type(i) < FindingTypes.AWS_ACCESS_KEY
              || findings.type(i) >= FindingTypes.INJECTION_OVERRIDE,
          () -> "a secret was found in a text of " + text.length());
    }
  }

  private static Findings scan(final String text) throws ClassifierException {
    final byte[] bytes = text.getBytes(UTF_8);
    final var segments = new Segments();
    segments.addText(bytes, 0, bytes.length);
    final var findings = new Findings();
    scanner.scan(segments, findings);
    return findings;
  }
}
