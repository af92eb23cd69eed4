package io.sealgate.gateway.net;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Certificates and unencrypted PKCS#8 keys in PEM (RFC 7468). */
final class PemFiles {
  /** The public trust bundles of today have about 250 KiB. */
  private static final int CERTIFICATES_BYTES_MAX = 4 << 20;

  private static final int KEY_BYTES_MAX = 64 << 10;
  private static final String KEY_BEGIN = "-----BEGIN " + "PRIVATE KEY-----";
  private static final String KEY_END = "-----END PRIVATE KEY-----";

  private PemFiles() {}

  /** Every certificate of a file, in its order; at least one. */
  static List<X509Certificate> certificates(final String what, final Path file)
      throws ServerTlsException {
    final byte[] bytes = SecretFile.anyBytes(what, file, CERTIFICATES_BYTES_MAX);
    final List<X509Certificate> found;
    try {
      found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
    } catch (final CertificateException e) {
      throw new ServerTlsException(
          what
              + " "
              + file
              + " is not PEM with X.509 certificates ("
              + ServerTlsException.reason(e)
              + "); check it with: openssl x509 -text -in "
              + file,
          e);
    }
    if (found.isEmpty()) {
      throw new ServerTlsException(
          what + " " + file + " holds no certificate; it must have BEGIN CERTIFICATE blocks");
    }
    return found;
  }

  /** The private key of an owner-only file. */
  static PrivateKey privateKey(final Path file) throws ServerTlsException {
    final byte[] bytes = SecretFile.bytes("private key", file, KEY_BYTES_MAX);
    byte[] der = {};
    try {
      der = decode(file, new String(bytes, StandardCharsets.ISO_8859_1));
      return parse(file, der);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(der, (byte) 0);
    }
  }

  private static byte[] decode(final Path file, final String pem) throws ServerTlsException {
    final int begin = pem.indexOf(KEY_BEGIN);
    final int end = pem.indexOf(KEY_END);
    if (begin < 0 || end < begin) {
      if (pem.contains("BEGIN ENCRYPTED PRIVATE KEY")) {
        throw new ServerTlsException(
            "private key "
                + file
                + " is encrypted; keep it in a PKCS#12 file (tls.mode: pkcs12) or decrypt it with:"
                + " openssl pkcs8 -in "
                + file);
      }
      throw new ServerTlsException(
          "private key "
              + file
              + " holds no PKCS#8 key (BEGIN PRIVATE KEY); convert it with: openssl pkcs8 -topk8"
              + " -nocrypt -in "
              + file);
    }
    try {
      return Base64.getMimeDecoder().decode(pem.substring(begin + KEY_BEGIN.length(), end));
    } catch (final IllegalArgumentException e) {
      throw damaged(file);
    }
  }

  private static PrivateKey parse(final Path file, final byte[] der) throws ServerTlsException {
    for (final String algorithm : List.of("EC", "RSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (final InvalidKeySpecException e) {
        continue;
      } catch (final NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has " + algorithm, e);
      }
    }
    throw damaged(file);
  }

  /** Without a cause: a parser's message may quote what it could not read. */
  private static ServerTlsException damaged(final Path file) {
    return new ServerTlsException(
        "private key "
            + file
            + " is damaged or neither EC nor RSA; check it with: openssl pkey -noout -check -in "
            + file);
  }
}
