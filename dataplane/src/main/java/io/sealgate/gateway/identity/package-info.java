/** Who calls: API keys and what they stand for. */
package io.sealgate.gateway.identity;
