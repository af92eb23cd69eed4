/** Pinned event loops, listeners and TLS: how bytes reach the gateway. */
package io.sealgate.gateway.net;
