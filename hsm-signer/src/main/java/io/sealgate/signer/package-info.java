/**
 * The signer: the one process that holds the log's key and writes the log. {@link
 * io.sealgate.signer.SignerProcess} is the process, {@link io.sealgate.signer.Signer} what runs in
 * it, {@link io.sealgate.signer.SealPipeline} the way of one batch.
 *
 * <p>Nothing is acknowledged early: an answer leaves only when the batch is committed and the
 * token's signature over it was checked here.
 */
package io.sealgate.signer;
