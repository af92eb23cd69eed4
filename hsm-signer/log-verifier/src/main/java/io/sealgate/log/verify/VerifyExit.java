package io.sealgate.log.verify;

/** How a verification ends: the exit status of every program that verifies. */
public enum VerifyExit {
  /** Everything that was there to check held. */
  VERIFIED(0),
  /** Records, hash tiles or a signed root do not match each other, or are missing. */
  TREE(1),
  /** The command was given wrongly. */
  USAGE(2),
  /** A file, key or server that is needed is missing or unreachable; nothing was judged. */
  MISSING(3),
  /** A checkpoint, proof, tile or trust file is not of the form its specification demands. */
  MALFORMED(10),
  /** No trusted key signed a checkpoint, or the signature of a trusted key is bad. */
  SIGNATURE(11),
  /** A checkpoint is signed only by keys outside the sizes they are valid for. */
  KEY_WINDOW(12),
  /** A checkpoint from elsewhere contradicts the log: a fork, a rollback or a cut tail. */
  FORK(13),
  /** A shard does not continue the shard before it. */
  SHARD_LINK(14),
  /** Too few witnesses cosigned. */
  QUORUM(15),
  /** A proof does not lead from the record to the signed root. */
  INCLUSION(16),
  /** Asked to be strict: sequence numbers or time leave a gap in which records may be missing. */
  GAP(17),
  /** Asked to be strict: a record is not canonical JSON (RFC 8785). */
  LINT(18);

  private final int status;

  VerifyExit(int status) {
    this.status = status;
  }

  /** The exit status. */
  public int status() {
    return status;
  }
}
