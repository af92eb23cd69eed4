/** The OpenAI dialect: reading calls, shaping errors, reading answers. */
package io.sealgate.gateway.openai;
