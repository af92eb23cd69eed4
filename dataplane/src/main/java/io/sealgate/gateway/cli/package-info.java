/** The commands of {@code sealgate}. */
package io.sealgate.gateway.cli;
