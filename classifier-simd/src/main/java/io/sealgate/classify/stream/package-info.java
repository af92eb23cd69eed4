/** What may still become a hit at the end of a text that goes on. */
package io.sealgate.classify.stream;
