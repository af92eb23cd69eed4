package io.sealgate.gateway.cli;

import io.sealgate.log.Vkey;
import io.sealgate.signer.LogKeys;
import io.sealgate.signer.SignerConfig;
import io.sealgate.signer.SignerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * The making of a log's key by two people: one acts, one watches, both read the key's fingerprint
 * off their own notes. The transcript says what was done and confirmed, and is sealed by its hash;
 * names of people stay in the transcript, outside the log.
 */
final class KeyCeremony {
  /** As many digits as two people will compare aloud. */
  private static final int FINGERPRINT_DIGITS = 16;

  private final PrintWriter out;
  private final BufferedReader in;
  private final SignerConfig config;
  private final StringBuilder transcript = new StringBuilder();

  KeyCeremony(final PrintWriter out, final InputStream in, final SignerConfig config) {
    this.out = out;
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.config = config;
  }

  /** Holds the ceremony; false when someone did not confirm a step, and nothing was sealed. */
  boolean hold() throws SignerException, IOException {
    note("key ceremony of log " + config.logName());
    note("time " + Instant.now().truncatedTo(ChronoUnit.SECONDS));
    note("module " + config.pkcs11Module() + ", token " + config.tokenLabel());
    note("key " + config.keyLabel() + ", type " + config.keyType());
    final String operator = ask("Name of the operator, who acts:");
    final String witness = ask("Name of the witness, who watches:");
    if (operator.isEmpty() || witness.isEmpty() || operator.equals(witness)) {
      out.println("A ceremony takes two people; nothing was done.");
      out.flush();
      return false;
    }
    note("operator " + operator);
    note("witness " + witness);
    if (!confirmed("Both are present, and the token is the one named above.")
        || !confirmed("No copy of the PIN is held by one person alone who can reach the host.")) {
      return false;
    }
    final LogKeys keys = new LogKeys(config);
    final Vkey key = keys.init();
    final String fingerprint = fingerprint(key);
    note("vkey " + key);
    note("fingerprint " + fingerprint);
    out.println();
    out.println("WRITE DOWN, each of you on your own paper:");
    out.println("  verifier key  " + key);
    out.println("  fingerprint   " + fingerprint);
    for (final String who : new String[] {operator, witness}) {
      final String read = ask(who + ", type the fingerprint from your paper:");
      if (!read.replace(" ", "").equalsIgnoreCase(fingerprint)) {
        out.println("That is another fingerprint. Nothing was sealed; begin again.");
        out.flush();
        return false;
      }
      note(who + " confirmed the fingerprint");
    }
    final Path kept = keys.sealTranscript(transcript.toString());
    out.println("Sealed. The transcript is " + kept + "; keep a signed copy with your papers.");
    out.flush();
    return true;
  }

  private static String fingerprint(final Vkey key) {
    try {
      final byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(key.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, FINGERPRINT_DIGITS);
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private boolean confirmed(final String statement) throws IOException {
    if (ask(statement + " Type yes:").equalsIgnoreCase("yes")) {
      note("confirmed: " + statement);
      return true;
    }
    out.println("Not confirmed; nothing was done.");
    out.flush();
    return false;
  }

  private String ask(final String question) throws IOException {
    out.println(question);
    out.flush();
    final String line = in.readLine();
    if (line == null) {
      throw new IOException("the input ended in the middle of the ceremony; nothing was sealed");
    }
    return line.strip();
  }

  private void note(final String line) {
    transcript.append(line).append('\n');
  }
}
