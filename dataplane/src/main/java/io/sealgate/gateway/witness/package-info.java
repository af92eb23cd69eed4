/** Witnesses: those that cosign this appliance's log, and this appliance as one for others. */
package io.sealgate.gateway.witness;
