/** The operators' listener: health, metrics, policies, API keys and the log's tiles. */
package io.sealgate.gateway.admin;
