/** What is signed of policies: bundles, exemptions, and the keys whose signatures count. */
package io.sealgate.gateway.bundle;
