/** Puts the gateway together, keeps its signer alive, and takes it apart again. */
package io.sealgate.gateway.run;
