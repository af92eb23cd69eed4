package io.sealgate.classify.pack;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A named and versioned list of rules.
 *
 * @param name lower-case letters, digits and hyphens
 * @param version the author's, from 1
 * @param rules in the order of the file
 * @param digest SHA-256 in lower-case hex over all that the pack says: layout, comments and quoting
 *     of the file do not count, the order of rules and lists does
 */
public record Pack(String name, int version, List<Rule> rules, String digest) {
  public Pack {
    rules = List.copyOf(rules);
  }

  /** A pack with the digest of what is given. */
  static Pack of(final String name, final int version, final List<Rule> rules) {
    return new Pack(name, version, rules, digest(name, version, rules));
  }

  private static String digest(final String name, final int version, final List<Rule> rules) {
    final MessageDigest sha;
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    update(sha, name);
    update(sha, Integer.toString(version));
    update(sha, rules.size());
    for (final Rule rule : rules) {
      update(sha, rule.id());
      update(sha, rule.type());
      update(sha, rule.title());
      update(sha, rule.finder().key());
      update(sha, rule.how().size());
      for (final Map.Entry<String, List<String>> entry : rule.how().entrySet()) {
        update(sha, entry.getKey());
        update(sha, entry.getValue());
      }
      update(sha, rule.context());
      update(sha, rule.contextRequired() ? 1 : 0);
      update(sha, rule.scoreMicros());
      update(sha, rule.scoreWithContextMicros());
      update(sha, rule.examples().match());
      update(sha, rule.examples().noMatch());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static void update(final MessageDigest sha, final List<String> texts) {
    update(sha, texts.size());
    for (final String text : texts) {
      update(sha, text);
    }
  }

  /** Length first, so that no two packs give the same bytes. */
  private static void update(final MessageDigest sha, final String text) {
    final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    update(sha, bytes.length);
    sha.update(bytes);
  }

  private static void update(final MessageDigest sha, final int number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      sha.update((byte) (number >> shift));
    }
  }
}
