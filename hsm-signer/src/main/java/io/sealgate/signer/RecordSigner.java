package io.sealgate.signer;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.CoseReceipt;
import io.sealgate.log.Dsse;
import io.sealgate.log.JcsReader;
import io.sealgate.log.NoteException;
import io.sealgate.log.TlogProof;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import io.sealgate.log.export.LogProver;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.verify.LogVerifier;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.signer.token.SigningToken;
import io.sealgate.signer.token.SoftHsm;
import io.sealgate.signer.token.TokenConfig;
import io.sealgate.signer.token.TokenException;
import java.io.IOException;
import java.util.List;

/**
 * Puts a sealed record into forms that bear a signature of their own, by the key that signs the log
 * now: DSSE envelopes and COSE receipts. Nothing is signed that the log does not prove first. It
 * logs in to the token with the PIN, so it runs as the signer's user; a signer may run beside it.
 */
public final class RecordSigner {
  private final SignerConfig config;

  /** A signer of records in the log of this configuration. */
  public RecordSigner(SignerConfig config) {
    this.config = config;
  }

  /**
   * The record as a DSSE envelope, canonical JSON. In record mode that is the leaf as it is.
   *
   * @throws IOException if the record is not in the log, or the log does not prove it
   * @throws SignerException if the token cannot sign
   */
  public byte[] dsse(LogReader reader, String shard, long index)
      throws IOException, SignerException {
    byte[] leaf = reader.record(shard, index);
    prove(reader, shard, index, leaf);
    if (Dsse.isRecordEnvelope(JcsReader.parse(leaf))) {
      return leaf;
    }
    Signed signed = sign(reader.origin(shard), Dsse.pae(Dsse.RECORD_TYPE, leaf));
    String vkey = signed.key().toString();
    String keyId = vkey.substring(0, vkey.lastIndexOf('+'));
    return new Dsse(Dsse.RECORD_TYPE, leaf, List.of(new Dsse.Signature(keyId, signed.signature())))
        .toBytes();
  }

  /**
   * A COSE receipt (RFC 9942) that the record is in the shard, as CBOR.
   *
   * @throws IOException as {@link #dsse}, also for the only record of a shard, which has no receipt
   * @throws SignerException if the token cannot sign
   */
  public byte[] cose(LogReader reader, String shard, long index)
      throws IOException, SignerException {
    TlogProof proof = prove(reader, shard, index, reader.record(shard, index));
    Checkpoint head = Checkpoint.parse(proof.note().text());
    if (proof.path().isEmpty()) {
      throw new IOException("a tree of one record has no receipt; wait for the next record");
    }
    int algorithm =
        config.keyType() == io.sealgate.signer.token.KeyType.P256
            ? CoseReceipt.ES256
            : CoseReceipt.EDDSA;
    Signed signed = sign(head.origin(), CoseReceipt.toBeSigned(algorithm, head.root()));
    return CoseReceipt.of(signed.key(), head.size(), index, proof.path(), signed.signature())
        .toBytes();
  }

  private TlogProof prove(LogReader reader, String shard, long index, byte[] record)
      throws IOException {
    TlogProof proof = LogProver.prove(reader, shard, index);
    VerifyReport report =
        LogVerifier.verifyProof(proof.toBytes(), record, TrustPolicy.read(config.trustFile()));
    if (!report.ok()) {
      throw new IOException(
          "record " + index + " is not signed again: " + report.problem() + "; run: verify");
    }
    return proof;
  }

  private record Signed(Vkey key, byte[] signature) {}

  private Signed sign(String origin, byte[] text) throws IOException, SignerException {
    try {
      if (SignerProcess.ownsToken(config)) {
        SoftHsm.use(config.tokensDir());
      }
      TokenConfig token = config.firstToken().withKeyLabel(KeyRing.read(config).getFirst());
      try (SigningToken open =
          SigningToken.open(config.slotOptions().driver().driver(token), token.keyType())) {
        if (!TrustFile.trusts(config.trustFile(), open.publicKey())) {
          throw new SignerException(
              ExitCode.CONFIGURATION,
              "key '" + token.keyLabel() + "' is none of the log's; put the right token back");
        }
        return new Signed(Vkey.of(origin, open.publicKey()), open.sign(text));
      }
    } catch (TokenException e) {
      throw SignerException.of(e);
    } catch (NoteException e) {
      throw new SignerException(
          ExitCode.CONFIGURATION, "the key cannot sign records: " + e.getMessage(), e);
    }
  }
}
