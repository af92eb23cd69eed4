/** Why a call is refused, as a value that every stage of its way can read. */
package io.sealgate.gateway.problem;
