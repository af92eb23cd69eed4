package io.sealgate.gateway.config;

import java.nio.file.Path;
import java.util.Optional;

/** Where the https listener's certificate and key come from. */
public record TlsConfig(
    @Setting(
            says =
                "development: a self-signed certificate made at first start. pem: certificate and"
                    + " private-key. pkcs12: keystore and password-file. pkcs11: the key stays in"
                    + " an HSM.",
            fallback = "development")
        Mode mode,
    @Setting(
            says =
                "PEM file of the certificate, followed by its chain (pem; pkcs11 when the token"
                    + " holds no certificate).",
            example = "/etc/sealgate/tls/certificate.pem")
        Optional<Path> certificate,
    @Setting(
            says = "PEM file of the private key, PKCS#8, readable by its owner only (pem).",
            example = "/etc/sealgate/tls/private-key.pem")
        Optional<Path> privateKey,
    @Setting(says = "PKCS#12 file (pkcs12).", example = "/etc/sealgate/tls/keystore.p12")
        Optional<Path> keystore,
    @Setting(
            says = "File with the keystore's password (pkcs12).",
            example = "/etc/sealgate/tls/keystore-password")
        Optional<Path> passwordFile,
    @Setting(says = "The HSM that holds the private key (pkcs11).") Pkcs11 pkcs11) {

  /** Kind of key store. */
  public enum Mode {
    /** A self-signed certificate that the gateway makes for itself. */
    DEVELOPMENT,
    /** PEM files. */
    PEM,
    /** A PKCS#12 file. */
    PKCS12,
    /** A PKCS#11 token. */
    PKCS11
  }

  /** The token of {@link Mode#PKCS11}. */
  public record Pkcs11(
      @Setting(says = "PKCS#11 library.", example = "/usr/lib/softhsm/libsofthsm2.so")
          Optional<Path> module,
      @Setting(says = "Label of the token.", example = "tls", min = 1, max = 32)
          Optional<String> token,
      @Setting(says = "File with the token's user PIN.", example = "/etc/sealgate/tls/pin")
          Optional<Path> pinFile,
      @Setting(says = "Label of the key in the token.", example = "gateway", min = 1, max = 255)
          Optional<String> alias) {}
}
