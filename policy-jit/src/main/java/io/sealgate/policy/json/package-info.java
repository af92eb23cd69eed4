/** Canonical JSON (RFC 8785) of plain Java values, for evidence that is digested and replayed. */
package io.sealgate.policy.json;
