/** Rules that begin at a literal, and the literals that Hyperscan looks for on their behalf. */
package io.sealgate.classify.anchor;
