/**
 * The offline verifier: needs public keys and nothing but the JDK. {@link
 * io.sealgate.log.verify.LogVerifier} is its face, {@link io.sealgate.log.verify.Main} the
 * auditor's program.
 */
package io.sealgate.log.verify;
