package io.sealgate.log;

import java.io.IOException;

/** Bytes are not canonical JSON as records use it. */
public final class JcsException extends IOException {
  private static final long serialVersionUID = 1L;

  JcsException(String problem, int position) {
    super(problem + " at character " + position);
  }
}
