/**
 * Signing keys in PKCS#11 tokens. {@link io.sealgate.signer.token.TokenDriver} is what a library
 * must do, {@link io.sealgate.signer.token.SigningToken} keeps it doing so, {@link
 * io.sealgate.signer.token.SoftHsm} makes a token for development.
 */
package io.sealgate.signer.token;
