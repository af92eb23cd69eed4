package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whom a verifier trusts: logs, witnesses and how many of them must have cosigned (C2SP
 * tlog-policy). Immutable; safe for any thread.
 *
 * <p>Two readings beyond the specification: a file of bare verifier keys, one a line, trusts these
 * logs and no witness; and one key may stand under several log names, because the shards of a log
 * share their key. A log key named as the part of an origin before {@code /audit/} is trusted for
 * every shard of that log. Text is UTF-8.
 */
public final class TrustPolicy {
  /** Longest file accepted, in bytes. */
  public static final int FILE_BYTES_MAX = 1 << 20;

  /** Most logs, witnesses and groups, each. */
  public static final int ENTRIES_MAX = 1_024;

  private static final String NONE = "none";

  /** Name of the one group of a policy that is not read from a file. */
  private static final String QUORUM = "quorum";

  private final List<Log> logs = new ArrayList<>();
  private final Map<String, Witness> witnesses = new LinkedHashMap<>();
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final Set<String> members = new HashSet<>();
  private String quorum;

  /**
   * A trusted log.
   *
   * @param url where it is read, or null
   */
  public record Log(Vkey key, String url) {}

  /**
   * A known witness.
   *
   * @param name what the policy calls it
   * @param url its submission prefix, or null
   */
  public record Witness(String name, Vkey key, String url) {}

  private record Group(int threshold, List<String> members) {}

  private TrustPolicy() {}

  /** Trusts these log keys and asks for no witness. */
  public static TrustPolicy of(List<Vkey> logKeys) throws NoteException {
    TrustPolicy policy = new TrustPolicy();
    for (Vkey key : logKeys) {
      policy.addLog(key, null);
    }
    policy.quorum = NONE;
    return policy;
  }

  /**
   * Knows these witnesses and asks for the cosignatures of so many of them; trusts no log.
   *
   * @param least 1 up to the number of witnesses
   */
  public static TrustPolicy ofWitnesses(List<Witness> witnesses, int least) throws NoteException {
    TrustPolicy policy = new TrustPolicy();
    List<String> names = new ArrayList<>();
    for (Witness witness : witnesses) {
      policy.addWitness(witness.name(), witness.key(), witness.url());
      names.add(witness.name());
    }
    policy.addGroup(QUORUM, Integer.toString(least), names);
    policy.quorum = QUORUM;
    return policy;
  }

  /**
   * Reads a policy file.
   *
   * @throws NoteException if it is none; the message names the line
   */
  public static TrustPolicy read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(
          file.toString(),
          null,
          "no trust file; name one with --trust: a C2SP tlog-policy, or the log's verifier keys,"
              + " one a line");
    }
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new NoteException(file + " is longer than " + FILE_BYTES_MAX + " bytes: no trust file");
    }
    try {
      return parse(Files.readAllBytes(file));
    } catch (NoteException e) {
      throw new NoteException(file + ": " + e.getMessage() + "; correct the trust file", e);
    }
  }

  /** Reads a policy strictly. */
  public static TrustPolicy parse(byte[] file) throws NoteException {
    if (file.length > FILE_BYTES_MAX) {
      throw new NoteException("a trust file has at most " + FILE_BYTES_MAX + " bytes");
    }
    String text = NoteText.utf8(file);
    if (text.chars().anyMatch(c -> c < 0x20 && c != '\n' && c != '\t' || c == 0x7F)) {
      throw new NoteException("a trust file has no control characters but tab and newline");
    }
    TrustPolicy policy = new TrustPolicy();
    boolean keysOnly = true;
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      List<String> words =
          Arrays.stream(line.split("[ \t]+")).filter(word -> !word.isEmpty()).toList();
      if (words.isEmpty() || words.getFirst().startsWith("#")) {
        continue;
      }
      try {
        keysOnly &= policy.line(words);
      } catch (NoteException e) {
        throw new NoteException("line " + number + ": " + e.getMessage(), e);
      }
    }
    if (policy.quorum == null) {
      if (!keysOnly || policy.logs.isEmpty()) {
        throw new NoteException("a trust file has one quorum line; write 'quorum none' for none");
      }
      policy.quorum = NONE;
    }
    return policy;
  }

  /** Reads one line; true if it is a bare key. */
  private boolean line(List<String> words) throws NoteException {
    switch (words.getFirst()) {
      case "log" -> {
        requireWords(words, 2, 3, "log <vkey> [<url>]");
        addLog(Vkey.parse(words.get(1)), words.size() > 2 ? words.get(2) : null);
      }
      case "witness" -> {
        requireWords(words, 3, 4, "witness <name> <vkey> [<url>]");
        addWitness(words.get(1), Vkey.parse(words.get(2)), words.size() > 3 ? words.get(3) : null);
      }
      case "group" -> {
        requireWords(words, 4, Integer.MAX_VALUE, "group <name> all|any|<k> <name>...");
        addGroup(words.get(1), words.get(2), words.subList(3, words.size()));
      }
      case "quorum" -> {
        requireWords(words, 2, 2, "quorum <name>|none");
        if (quorum != null) {
          throw new NoteException("a second quorum line");
        }
        if (!words.get(1).equals(NONE)) {
          requireDefined(words.get(1));
        }
        quorum = words.get(1);
      }
      default -> {
        requireWords(words, 1, 1, "log, witness, group, quorum or a verifier key");
        addLog(Vkey.parse(words.getFirst()), null);
        return true;
      }
    }
    return false;
  }

  private static void requireWords(List<String> words, int least, int most, String form)
      throws NoteException {
    if (words.size() < least || words.size() > most) {
      throw new NoteException("the line is not: " + form);
    }
  }

  private void addLog(Vkey key, String url) throws NoteException {
    if (key.type() == Vkey.Type.COSIGNATURE_ED25519) {
      throw new NoteException("a log does not sign with a cosignature key");
    }
    if (logs.size() == ENTRIES_MAX || logs.stream().anyMatch(log -> log.key().equals(key))) {
      throw new NoteException("a log given twice, or more than " + ENTRIES_MAX + " logs");
    }
    logs.add(new Log(key, url));
  }

  private void addWitness(String name, Vkey key, String url) throws NoteException {
    if (key.type() != Vkey.Type.COSIGNATURE_ED25519) {
      throw new NoteException("a witness signs with a cosignature key (type 04)");
    }
    requireFree(name);
    if (witnesses.size() == ENTRIES_MAX
        || witnesses.values().stream()
            .anyMatch(witness -> witness.key().publicKey().equals(key.publicKey()))) {
      throw new NoteException("a witness key given twice, or more than " + ENTRIES_MAX);
    }
    witnesses.put(name, new Witness(name, key, url));
  }

  private void addGroup(String name, String threshold, List<String> names) throws NoteException {
    requireFree(name);
    if (groups.size() == ENTRIES_MAX) {
      throw new NoteException("more than " + ENTRIES_MAX + " groups");
    }
    for (String member : names) {
      requireDefined(member);
      if (!members.add(member)) {
        throw new NoteException("a name is a member of two groups");
      }
    }
    long least =
        switch (threshold) {
          case "any" -> 1;
          case "all" -> names.size();
          default -> NoteText.decimal(threshold, "a group's threshold");
        };
    if (least < 1 || least > names.size()) {
      throw new NoteException("a group's threshold is 1 up to the number of its members");
    }
    groups.put(name, new Group((int) least, List.copyOf(names)));
  }

  private void requireFree(String name) throws NoteException {
    if (name.equals(NONE) || witnesses.containsKey(name) || groups.containsKey(name)) {
      throw new NoteException("the name is taken");
    }
  }

  private void requireDefined(String name) throws NoteException {
    if (!witnesses.containsKey(name) && !groups.containsKey(name)) {
      throw new NoteException("a name that no line before defines");
    }
  }

  /** The trusted logs. */
  public List<Log> logs() {
    return List.copyOf(logs);
  }

  /** The known witnesses. */
  public List<Witness> witnesses() {
    return List.copyOf(witnesses.values());
  }

  /** Whether any cosignature is asked for. */
  public boolean asksForWitnesses() {
    return !quorum.equals(NONE);
  }

  /** The log keys that speak for an origin. */
  public List<Vkey> logKeys(String origin) {
    return logs.stream().map(Log::key).filter(key -> speaksFor(key, origin)).toList();
  }

  /** This policy with the logs alone that speak for an origin. */
  public TrustPolicy withLogsOf(String origin) {
    TrustPolicy policy = withoutLogs();
    logs.stream().filter(log -> speaksFor(log.key(), origin)).forEach(policy.logs::add);
    return policy;
  }

  /**
   * This policy with a log more.
   *
   * @throws NoteException if the log is there, or too many are, or the key is none of a log
   */
  public TrustPolicy withLog(Vkey key) throws NoteException {
    TrustPolicy policy = withoutLogs();
    policy.logs.addAll(logs);
    policy.addLog(key, null);
    return policy;
  }

  /** This policy's logs with another's witnesses and quorum. */
  public TrustPolicy withWitnessesOf(TrustPolicy other) {
    TrustPolicy policy = other.withoutLogs();
    policy.logs.addAll(logs);
    return policy;
  }

  private TrustPolicy withoutLogs() {
    TrustPolicy policy = new TrustPolicy();
    policy.witnesses.putAll(witnesses);
    policy.groups.putAll(groups);
    policy.members.addAll(members);
    policy.quorum = quorum;
    return policy;
  }

  /** Whether a log key is named after an origin, or after the log that the origin is a shard of. */
  public static boolean speaksFor(Vkey key, String origin) {
    return speaksFor(key.name(), origin);
  }

  /** Whether a key of this name is named after an origin, as {@link #speaksFor(Vkey, String)}. */
  public static boolean speaksFor(String keyName, String origin) {
    return keyName.equals(origin) || keyName.equals(base(origin));
  }

  /** The log that an origin is a shard of, or null. */
  private static String base(String origin) {
    try {
      return LogOrigin.parse(origin).base();
    } catch (IllegalArgumentException _) {
      // The log is not of our make and has no shards.
      return null;
    }
  }

  /** Whether these keys are those of enough witnesses. */
  public boolean isQuorum(List<Vkey> cosigners) {
    return quorum.equals(NONE) || hasWitnessed(quorum, cosigners);
  }

  private boolean hasWitnessed(String name, List<Vkey> cosigners) {
    Witness witness = witnesses.get(name);
    if (witness != null) {
      return cosigners.contains(witness.key());
    }
    // Names are defined before they are used, so this ends.
    Group group = groups.get(name);
    return group.members().stream().filter(member -> hasWitnessed(member, cosigners)).count()
        >= group.threshold();
  }

  /**
   * The keys of this policy that signed a note: at least one of the origin's log keys, and
   * witnesses.
   *
   * @throws NoteException if no trusted log key signed, or a known key's signature is bad
   */
  public List<Vkey> signers(SignedNote note, String origin) throws NoteException {
    return signers(note, logKeys(origin), SignatureChecker.JDK);
  }

  /** As {@link #signers(SignedNote, String)} with these log keys in place of the policy's. */
  public List<Vkey> signers(SignedNote note, List<Vkey> logKeys, SignatureChecker signatures)
      throws NoteException {
    List<Vkey> known = new ArrayList<>(logKeys);
    witnesses.values().forEach(witness -> known.add(witness.key()));
    List<Vkey> good = known.isEmpty() ? List.of() : NoteVerifier.of(known).verify(note, signatures);
    if (good.stream().noneMatch(logKeys::contains)) {
      throw new NoteException("no trusted key of the log signed the note");
    }
    return good;
  }

  /** The policy file, UTF-8. */
  public byte[] toBytes() {
    StringBuilder out = new StringBuilder();
    logs.forEach(log -> line(out, "log " + log.key(), log.url()));
    witnesses
        .values()
        .forEach(
            witness -> line(out, "witness " + witness.name() + " " + witness.key(), witness.url()));
    groups.forEach(
        (name, group) ->
            line(
                out,
                "group " + name + " " + group.threshold() + " " + String.join(" ", group.members()),
                null));
    return out.append("quorum ").append(quorum).append('\n').toString().getBytes(UTF_8);
  }

  private static void line(StringBuilder out, String text, String url) {
    out.append(text).append(url == null ? "" : " " + url).append('\n');
  }
}
