/** The way of one call through the gateway, phase by phase. */
package io.sealgate.gateway.call;
