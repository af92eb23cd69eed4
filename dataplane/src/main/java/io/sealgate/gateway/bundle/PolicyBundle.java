package io.sealgate.gateway.bundle;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.NoteException;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.SignedNote;
import io.sealgate.log.Vkey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All policy documents of one organisation, signed together, in one file: a C2SP signed note (the
 * manifest), a NUL byte, then the contents of the files that the manifest lists, in its order and
 * with nothing between or after them. So every byte is signed, part of the one signature, or in the
 * wrong place. The manifest's text is, in UTF-8 and with a line feed after every line:
 *
 * <pre>
 * sealgate.policy-bundle/1
 * org ORGANISATION
 * version NUMBER
 * expires 2027-01-31T00:00:00Z
 * file SHA-256-HEX BYTES NAME      (once for each file, names in rising order)
 * </pre>
 *
 * Immutable.
 *
 * @param version counts up; a gateway takes none that is not above all that it saw
 * @param signers the names of the trusted keys that signed it
 */
public record PolicyBundle(
    String org, long version, Instant expires, List<BundleFile> files, List<String> signers) {
  /** Bound of the files of a bundle. */
  public static final int FILES_MAX = 4_096;

  /** Bound of a bundle in bytes. */
  public static final int BYTES_MAX = 4 << 20;

  private static final String SCHEMA = "sealgate.policy-bundle/1";
  private static final int HEAD_LINES = 4;
  private static final Pattern FILE =
      Pattern.compile("file ([0-9a-f]{64}) (0|[1-9][0-9]{0,8}) ([^\\p{Cntrl}]{1,256})");

  private record Listed(String digest, int size, String name) {}

  /** A document of a bundle. */
  public record BundleFile(String name, byte[] content) {}

  /** Signs files. */
  public static byte[] build(
      final String org,
      final long version,
      final Instant expires,
      final List<BundleFile> files,
      final PolicyKey key)
      throws GatewayException {
    final StringBuilder text = new StringBuilder();
    text.append(SCHEMA).append("\norg ").append(org).append("\nversion ").append(version);
    text.append("\nexpires ").append(expires).append('\n');
    final ByteArrayOutputStream contents = new ByteArrayOutputStream();
    for (final BundleFile file : files.stream().sorted(PolicyBundle::byName).toList()) {
      text.append("file ").append(digest(file.content())).append(' ');
      text.append(file.content().length).append(' ').append(file.name()).append('\n');
      contents.writeBytes(file.content());
    }
    final byte[] note = sign(text.toString().getBytes(StandardCharsets.UTF_8), key);
    final ByteArrayOutputStream bundle = new ByteArrayOutputStream();
    bundle.writeBytes(note);
    bundle.write(0);
    bundle.writeBytes(contents.toByteArray());
    // What the reader would refuse is not written.
    verify(bundle.toByteArray(), NoteVerifier.of(key.vkey()), Instant.EPOCH);
    return bundle.toByteArray();
  }

  private static int byName(final BundleFile a, final BundleFile b) {
    return a.name().compareTo(b.name());
  }

  private static byte[] sign(final byte[] text, final PolicyKey key) throws GatewayException {
    try {
      return SignedNote.of(text, List.of(SignedNote.SignatureLine.by(key.vkey(), key.sign(text))))
          .toBytes();
    } catch (final NoteException e) {
      throw new GatewayException("the bundle cannot be signed: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a bundle and checks all of it but the order of versions, which its reader remembers.
   *
   * @param keys whose signatures count; every signature on the bundle must be by one of them
   * @param now the moment at which it must not have expired
   * @throws GatewayException if anything is not as it should be; nothing of it is to be used
   */
  public static PolicyBundle verify(final byte[] bundle, final NoteVerifier keys, final Instant now)
      throws GatewayException {
    if (bundle.length > BYTES_MAX) {
      throw refuse("it has more than " + BYTES_MAX + " bytes", "split the organisation");
    }
    int end = 0;
    while (end < bundle.length && bundle[end] != 0) {
      end++;
    }
    if (end == bundle.length) {
      throw refuse("it has no manifest", "build it with: sealgate policy bundle build");
    }
    final List<String> signers = new ArrayList<>();
    final String text;
    try {
      final SignedNote note = SignedNote.parse(Arrays.copyOf(bundle, end));
      final List<Vkey> good = keys.verify(note);
      if (good.size() != note.signatures().size()) {
        throw refuse(
            "it is signed by a key that is not trusted too", "sign with trusted keys only");
      }
      good.forEach(key -> signers.add(key.name()));
      text = new String(note.text(), StandardCharsets.UTF_8);
    } catch (final NoteException e) {
      throw new GatewayException(
          "the bundle is refused: " + e.getMessage() + "; have it signed with a trusted key", e);
    }
    final String[] lines = text.split("\n", -1);
    if (lines.length < HEAD_LINES + 2 || !lines[0].equals(SCHEMA)) {
      throw refuse("its manifest is not of the form " + SCHEMA, "build it with this release");
    }
    final Instant expires = expires(value(lines[3], "expires "));
    if (!expires.isAfter(now)) {
      throw refuse("it expired at " + expires, "have its owner sign a newer one");
    }
    return new PolicyBundle(
        value(lines[1], "org "),
        version(value(lines[2], "version ")),
        expires,
        files(listed(lines), bundle, end + 1),
        List.copyOf(signers));
  }

  private static String value(final String line, final String name) throws GatewayException {
    if (!line.startsWith(name) || line.length() == name.length()) {
      throw refuse("its manifest has no " + name.strip(), "build it with this release");
    }
    return line.substring(name.length());
  }

  private static Instant expires(final String text) throws GatewayException {
    try {
      return Instant.parse(text);
    } catch (final DateTimeException e) {
      throw new GatewayException("the bundle is refused: it expires at no moment", e);
    }
  }

  private static long version(final String text) throws GatewayException {
    if (!text.matches("[1-9][0-9]{0,17}")) {
      throw refuse("its version is no number from 1 on", "build it with this release");
    }
    return Long.parseLong(text);
  }

  private static List<Listed> listed(final String[] lines) throws GatewayException {
    final List<Listed> listed = new ArrayList<>();
    final Set<String> names = new HashSet<>();
    // The text ends with a line feed, so the last line is empty.
    for (int i = HEAD_LINES; i < lines.length - 1; i++) {
      final Matcher file = FILE.matcher(lines[i]);
      if (!file.matches() || !names.add(file.group(3)) || listed.size() == FILES_MAX) {
        throw refuse("line " + (i + 1) + " of its manifest is bad", "build it with this release");
      }
      listed.add(new Listed(file.group(1), Integer.parseInt(file.group(2)), file.group(3)));
    }
    return listed;
  }

  private static List<BundleFile> files(
      final List<Listed> listed, final byte[] bundle, final int start) throws GatewayException {
    final List<BundleFile> files = new ArrayList<>();
    int at = start;
    for (final Listed file : listed) {
      if (file.size() > bundle.length - at) {
        throw refuse("the file " + file.name() + " is cut short", "fetch the bundle again");
      }
      final byte[] content = Arrays.copyOfRange(bundle, at, at + file.size());
      if (!digest(content).equals(file.digest())) {
        throw refuse("the file " + file.name() + " was changed", "fetch the bundle again");
      }
      files.add(new BundleFile(file.name(), content));
      at += file.size();
    }
    if (at != bundle.length) {
      throw refuse("it holds what its manifest does not list", "fetch the bundle again");
    }
    return List.copyOf(files);
  }

  private static String digest(final byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static GatewayException refuse(final String problem, final String fix) {
    return new GatewayException("the bundle is refused: " + problem + "; " + fix);
  }
}
