/** The gateway's side of the sealed log: records of decisions and outcomes, and their receipts. */
package io.sealgate.gateway.seal;
