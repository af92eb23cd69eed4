/**
 * Sends sealed records on to the collectors of a security team. It reads the log like any other
 * reader: sealing neither knows of it nor waits for it.
 */
package io.sealgate.gateway.forward;
