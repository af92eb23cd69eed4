/**
 * The built-in model: a small, deterministic provider that speaks the OpenAI chat API over real
 * HTTP, so that the gateway can be tried, tested and measured without a provider account. It can be
 * told to misbehave in the ways that providers do.
 */
package io.sealgate.gateway.loopback;
