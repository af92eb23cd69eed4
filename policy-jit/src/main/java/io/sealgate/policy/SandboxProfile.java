package io.sealgate.policy;

/** What a sandboxed call may do, in rising strictness: of several, the last in this order wins. */
public enum SandboxProfile {
  /** No sandbox. */
  NONE,
  /** Tools that change nothing stay, the others are taken out of the call. */
  READ_ONLY,
  /** All tools are taken out of the call. */
  NO_TOOLS,
  /** All tools are taken out, and the call goes to the sandbox upstream instead of its provider. */
  ISOLATED
}
