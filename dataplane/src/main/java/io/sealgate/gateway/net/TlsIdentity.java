package io.sealgate.gateway.net;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;

/**
 * What a server shows and signs with.
 *
 * @param key the private key; without an encoded form when it stays in a token
 * @param chain the server's certificate, then its issuers
 * @param source where both come from, for messages
 */
record TlsIdentity(PrivateKey key, List<X509Certificate> chain, String source) {
  private static final int RSA_BITS_MIN = 2048;

  TlsIdentity {
    chain = List.copyOf(chain);
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  /**
   * Finds at the start what would otherwise fail every handshake: a certificate out of its time, a
   * key that is not the certificate's, or one that TLS 1.3 cannot sign with.
   *
   * @return this identity
   */
  TlsIdentity requireUsable() throws ServerTlsException {
    final X509Certificate certificate = certificate();
    try {
      certificate.checkValidity();
    } catch (final CertificateExpiredException e) {
      throw new ServerTlsException(
          source
              + ": the certificate expired at "
              + certificate.getNotAfter().toInstant()
              + "; renew it",
          e);
    } catch (final CertificateNotYetValidException e) {
      throw new ServerTlsException(
          source
              + ": the certificate is valid only from "
              + certificate.getNotBefore().toInstant()
              + "; check this machine's clock",
          e);
    }
    final String algorithm = signatureAlgorithm(certificate.getPublicKey());
    boolean paired;
    try {
      paired = signsFor(certificate.getPublicKey(), algorithm);
    } catch (final GeneralSecurityException e) {
      throw new ServerTlsException(
          source
              + ": the private key cannot sign with "
              + algorithm
              + " ("
              + ServerTlsException.reason(e)
              + "); use the key that the certificate was made for",
          e);
    }
    if (!paired) {
      throw new ServerTlsException(
          source
              + ": the private key does not belong to the certificate of "
              + certificate.getSubjectX500Principal()
              + "; use the key it was made for");
    }
    return this;
  }

  private boolean signsFor(final PublicKey publicKey, final String algorithm)
      throws GeneralSecurityException {
    final byte[] challenge = certificate().getEncoded();
    final Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(challenge);
    final byte[] signature = signer.sign();
    final Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(publicKey);
    verifier.update(challenge);
    return verifier.verify(signature);
  }

  private String signatureAlgorithm(final PublicKey publicKey) throws ServerTlsException {
    if (publicKey instanceof ECPublicKey) {
      return "SHA256withECDSA";
    }
    if (publicKey instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= RSA_BITS_MIN) {
      return "SHA256withRSA";
    }
    throw new ServerTlsException(
        source
            + ": the certificate has a weak or unknown key ("
            + publicKey.getAlgorithm()
            + "); use P-256, P-384 or RSA of at least "
            + RSA_BITS_MIN
            + " bits");
  }
}
