package io.sealgate.gateway.upstream;

import io.netty.buffer.ByteBuf;

/**
 * What is sent to a provider. Every header field is written from here: nothing of the caller's
 * header block is copied.
 *
 * @param path below the upstream's base path, such as {@code /chat/completions}
 * @param body JSON; {@link UpstreamPool#send} takes over its reference
 * @param stream whether an event stream is wanted
 */
public record UpstreamRequest(String path, ByteBuf body, boolean stream) {}
