/** The gateway's end of the seal path. Nothing here loads PKCS#11, reads a PIN or opens the log. */
package io.sealgate.signer.client;
