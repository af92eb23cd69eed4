/** Signed bundles of policies: format, checks, keys. */
package io.sealgate.gateway.bundle;
