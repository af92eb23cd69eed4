package io.sealgate.classify;

import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.ExampleText;
import io.sealgate.classify.pack.Rule;
import io.sealgate.classify.secret.SecretsTest;
import io.sealgate.classify.secret.TokenChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts that are found, and texts that stand around them. */
public final class Samples {
  /** What is found as exactly one finding between two spaces. */
  public record Sample(int type, String text) {
    @Override
    public String toString() {
      return FindingTypes.name(type) + " of " + text.length();
    }
  }

  private static final String[] BETWEEN = {
    " ",
    "\n",
    ", ",
    "\"",
    "\0",
    "\u00e9",
    "\u8bf7",
    "word",
    "The harbour office opens when the tide allows it. ",
    "4",
    "4111 ",
    "@",
    ":",
    ".",
    "-----BEG" + "IN ",
    "ey" + "J",
    "AK" + "IA",
    "g",
    "gh",
    "gh" + "p_",
    "\\",
    "\\n",
    "\\u",
    "\\u00",
    "%",
    "%2",
    "&",
    "&#",
    "&amp;",
    "\u200b",
    "\ufeff",
    "\u0301",
    "\u0430",
    "\u0421\u0435\u0440",
    "p\u0430y",
    "\ud83d\ude00",
    "c29tZSBiYXNlNjQ",
    "[1,2,3]",
    "https://example.com/a?b=c%20d",
    "a@b.co@c.de",
    "\uff11\uff12",
    "x".repeat(70),
    "7".repeat(40),
  };

  private Samples() {}

  /** Personal data and secrets of every kind that is found without a word beside it. */
  public static List<Sample> positives() {
    final List<Sample> all = new ArrayList<>();
    all.add(new Sample(FindingTypes.EMAIL_ADDRESS, "ann.lee@mail.example.com"));
    all.add(new Sample(FindingTypes.CREDIT_CARD, "4111 1111 1111 1111"));
    all.add(new Sample(FindingTypes.CREDIT_CARD, "4111-1111-1111-1111"));
    all.add(new Sample(FindingTypes.CREDIT_CARD, "4111111111111111"));
    all.add(new Sample(FindingTypes.IBAN_CODE, "GB29 NWBK 6016 1331 9268 19"));
    all.add(new Sample(FindingTypes.IBAN_CODE, "DE89370400440532013000"));
    all.add(new Sample(FindingTypes.US_SSN, "536-90-4399"));
    all.add(new Sample(FindingTypes.IP_ADDRESS, "192.168.10.77"));
    all.add(new Sample(FindingTypes.IP_ADDRESS, "2001:db8:85a3::8a2e:370:7334"));
    all.add(new Sample(FindingTypes.PHONE_NUMBER, "+1 415 555 2671"));
    all.add(new Sample(FindingTypes.PHONE_NUMBER, "+44 20 7946 0958"));
    SecretsTest.samples().forEach(s -> all.add(new Sample(s.type(), s.token())));
    return all;
  }

  /** The positive examples of the packs and positive cases, whole, with their context words. */
  public static List<Sample> examples() {
    final ExampleText examples = new ExampleText(TokenChecks.makers());
    final List<Sample> all = new ArrayList<>();
    for (final Rule rule : BuiltInPacks.rules()) {
      for (final String example : rule.examples().match()) {
        final String text = examples.expand(example).replace("<<", "").replace(">>", "");
        all.add(new Sample(rule.type(), text));
      }
    }
    for (final RecognizerCases.Case c : RecognizerCases.found()) {
      all.add(new Sample(c.type(), c.text()));
    }
    return all;
  }

  /** A text of samples, some in disguise, and fragments; a few bytes may be no UTF-8. */
  public static byte[] text(final Random random, final List<Sample> samples, final int parts) {
    final var out = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < parts; i++) {
      final int kind = random.nextInt(16);
      if (kind == 0) {
        out.write(random.nextInt(256));
      } else if (kind < 4) {
        final String text = samples.get(random.nextInt(samples.size())).text();
        final String more = samples.get(random.nextInt(samples.size())).text();
        write(out, disguised(random, random.nextInt(4) == 0 ? text + ' ' + more : text));
      } else {
        write(out, BETWEEN[random.nextInt(BETWEEN.length)]);
      }
    }
    return out.toByteArray();
  }

  private static String disguised(final Random random, final String text) {
    final int way = random.nextInt(8);
    if (way == 0) {
      return Disguise.base64(text);
    }
    return way < 4 ? text : Disguise.values()[random.nextInt(Disguise.values().length)].write(text);
  }

  private static void write(final java.io.ByteArrayOutputStream out, final String text) {
    out.writeBytes(Texts.utf8(text));
  }
}
