/** Tokens and keys with a known prefix. */
package io.sealgate.classify.secret;
