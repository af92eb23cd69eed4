/** Phrasings and byte patterns of known prompt injections; a tripwire, no judge of intent. */
package io.sealgate.classify.tripwire;
