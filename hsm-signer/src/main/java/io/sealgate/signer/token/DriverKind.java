package io.sealgate.signer.token;

/** The libraries that reach a PKCS#11 module. */
public enum DriverKind {
  /** org.xipki:ipkcs11wrapper: every key type, all recovery in the process. */
  IPKCS11WRAPPER,
  /** The JDK's SunPKCS11: P-256 only, see {@link SunPkcs11Driver}. */
  SUNPKCS11;

  /**
   * A driver that is not connected yet.
   *
   * @throws TokenException if this library cannot do the key's type
   */
  public TokenDriver driver(TokenConfig config) throws TokenException {
    return switch (this) {
      case IPKCS11WRAPPER -> new Pkcs11Driver(config);
      case SUNPKCS11 -> new SunPkcs11Driver(config);
    };
  }
}
