/** Checks of identifiers: check digits, dates, structure. */
package io.sealgate.classify.check;
