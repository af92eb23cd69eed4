package io.sealgate.signer.token;

import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKA_ID;
import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKM_ECDSA;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.HexFormat;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;

/**
 * A self-signed certificate (RFC 5280, version 1) beside a P-256 log key. Nobody verifies with it;
 * the JDK's provider shows a private key only where a certificate has the same CKA_ID.
 */
final class TokenCertificate {
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;

  /** AlgorithmIdentifier ecdsa-with-SHA256. */
  private static final byte[] ECDSA_SHA256 = HexFormat.of().parseHex("300a06082a8648ce3d040302");

  /** OBJECT IDENTIFIER id-at-commonName. */
  private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");

  private TokenCertificate() {}

  /** Makes the certificate unless the token has one of that label. */
  static void ensure(Session session, String label, long privateKey, PublicKey publicKey)
      throws PKCS11Exception, TokenException {
    long[] found = session.findObjectsSingle(AttributeVector.newX509Certificate().label(label), 1);
    if (found != null && found.length > 0) {
      return;
    }
    byte[] id = session.getAttrValues(privateKey, CKA_ID).getByteArrayAttrValue(CKA_ID);
    byte[] name =
        der(
            SEQUENCE,
            der(
                SET,
                der(
                    SEQUENCE,
                    COMMON_NAME,
                    der(UTF8_STRING, label.getBytes(StandardCharsets.UTF_8)))));
    // No end: RFC 5280, 4.1.2.5, for certificates without a well-defined one.
    byte[] validity =
        der(
            SEQUENCE,
            der(UTC_TIME, ascii("200101000000Z")),
            der(GENERALIZED_TIME, ascii("99991231235959Z")));
    byte[] body =
        der(
            SEQUENCE,
            der(INTEGER, new byte[] {1}),
            ECDSA_SHA256,
            name,
            validity,
            name,
            publicKey.getEncoded());
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      byte[] raw = session.signSingle(new Mechanism(CKM_ECDSA), privateKey, digest);
      byte[] signature = EcForms.derSignature(raw);
      byte[] certificate =
          der(SEQUENCE, body, ECDSA_SHA256, der(BIT_STRING, new byte[1], signature));
      session.createObject(
          AttributeVector.newX509Certificate()
              .token(true)
              .private_(false)
              .label(label)
              .id(id)
              .subject(name)
              .value(certificate));
    } catch (GeneralSecurityException e) {
      throw new TokenException(TokenFault.DEVICE, "making the certificate: " + e.getMessage(), e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** One DER value (X.690); lengths up to 65,535 bytes. */
  private static byte[] der(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length > 0xff) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length > 0x7f) {
      out.write(0x81);
    }
    out.write(length);
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
