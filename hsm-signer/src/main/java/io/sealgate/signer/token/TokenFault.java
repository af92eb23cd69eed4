package io.sealgate.signer.token;

import static org.xipki.pkcs11.wrapper.PKCS11Constants.*;

/**
 * What a token failure asks for, mildest first. The order is the recovery ladder: a fault is never
 * answered with a milder rung than the one that was just tried.
 */
public enum TokenFault {
  /** The session or the operation in it is gone: open a new session. */
  SESSION,
  /** The login is gone: log in once more. */
  LOGIN,
  /** The key handle is stale: find the key again. */
  OBJECT,
  /**
   * The device or its module is in trouble, or a call ran out of time: finalize and initialize the
   * module.
   */
  DEVICE,
  /** The configuration is wrong: stop trying, because repeating a login locks the token. */
  FATAL;

  /** The class of a PKCS#11 return value; what is not known is taken as device trouble. */
  static TokenFault ofReturnValue(long ckr) {
    if (ckr == CKR_OPERATION_ACTIVE
        || ckr == CKR_FUNCTION_CANCELED
        || ckr == CKR_SESSION_HANDLE_INVALID
        || ckr == CKR_SESSION_CLOSED
        || ckr == CKR_OPERATION_NOT_INITIALIZED) {
      return SESSION;
    }
    if (ckr == CKR_USER_NOT_LOGGED_IN) {
      return LOGIN;
    }
    if (ckr == CKR_OBJECT_HANDLE_INVALID || ckr == CKR_KEY_HANDLE_INVALID) {
      return OBJECT;
    }
    if (ckr == CKR_PIN_INCORRECT
        || ckr == CKR_PIN_INVALID
        || ckr == CKR_PIN_LEN_RANGE
        || ckr == CKR_PIN_LOCKED
        || ckr == CKR_PIN_EXPIRED
        || ckr == CKR_USER_PIN_NOT_INITIALIZED
        || ckr == CKR_KEY_FUNCTION_NOT_PERMITTED
        || ckr == CKR_KEY_TYPE_INCONSISTENT
        || ckr == CKR_MECHANISM_INVALID) {
      return FATAL;
    }
    return DEVICE;
  }
}
