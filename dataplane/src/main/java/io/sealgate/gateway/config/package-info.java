/**
 * The gateway's configuration: one file, {@code sealgate.yaml}, read once at start into immutable
 * records. Each key is a record component annotated with its default, its range and its comment,
 * and nothing else states them: the reader, the errors and the printed reference all come from
 * there.
 *
 * <p>{@link io.sealgate.gateway.config.GatewayConfig} is the way in.
 */
package io.sealgate.gateway.config;
