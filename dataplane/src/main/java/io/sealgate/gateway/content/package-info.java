/**
 * Prompts and answers that policies want kept: encrypted, in a folder a day beside the log, so that
 * they can be erased and expire while every proof stands. Keys from the top: the wrapping key on
 * the token, a key a day (wrapped by it), a key a subject and day (wrapped by the day's), a key a
 * piece (wrapped by the subject's); AES-256-GCM throughout.
 */
package io.sealgate.gateway.content;
