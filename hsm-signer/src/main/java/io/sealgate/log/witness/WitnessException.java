package io.sealgate.log.witness;

import java.io.IOException;

/** A witness gave no cosignature. */
public final class WitnessException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Refusal refusal;

  /** Why there is none. */
  public enum Refusal {
    /** It did not answer in time, or not as a witness does; try again later. */
    UNREACHABLE,
    /** 400: the request has no form, or its old size is above the checkpoint's. */
    BAD_REQUEST,
    /** 403: none of the log's keys that it trusts signed; tell its operator of the new key. */
    NOT_TRUSTED,
    /** 404: it does not know the log; ask its operator to add it. */
    UNKNOWN_LOG,
    /** 409: it went on to another size meanwhile, twice; another signer may use the same log. */
    CONFLICT,
    /** 422: what we show does not continue what it saw: a fork or a rollback of our log. */
    INCONSISTENT,
    /** 200, but no good cosignature of its key over the checkpoint. */
    BAD_SIGNATURE
  }

  WitnessException(Refusal refusal, String message) {
    super(message);
    this.refusal = refusal;
  }

  WitnessException(Refusal refusal, String message, Throwable cause) {
    super(message, cause);
    this.refusal = refusal;
  }

  /** Why there is no cosignature. */
  public Refusal refusal() {
    return refusal;
  }
}
