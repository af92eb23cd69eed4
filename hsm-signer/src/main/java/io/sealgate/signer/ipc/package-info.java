/** The messages between gateway and signer, and nothing that sends them. */
package io.sealgate.signer.ipc;
