/**
 * Finds records of the sealed log by who, what and when. The index is derived: it is no evidence,
 * may be deleted at any time and is made anew from the log.
 */
package io.sealgate.log.search;
