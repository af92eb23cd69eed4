/** Strict JSON over one byte array. */
package io.sealgate.classify.json;
