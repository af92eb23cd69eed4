package io.sealgate.classify.finding;

/** Why a finding was reported, from what was checked about it. */
public enum Evidence {
  /** A check digit was recomputed and agrees: Luhn, ISO 7064 mod 97. */
  CHECKSUM,
  /** The text has the full syntax of the type and its values are in range. */
  FORMAT,
  /** The shape alone is weak; a word that names the type stands close before it. */
  CONTEXT,
  /** The text begins with the issuer's fixed prefix and has the alphabet and length that follow. */
  PREFIX,
  /** As {@link #PREFIX}, and a checksum inside the token agrees. */
  PREFIX_AND_CHECKSUM,
  /** A tenant's literal. */
  KEYWORD,
  /** A pattern without a checksum: a national numbering plan, or a tenant's expression. */
  PATTERN
}
