// Judges checkpoints and inclusion proofs with sigstore's JavaScript verifier: one line of "true" or
// "false" for each case in the file named on the command line.
const fs = require('fs');
const crypto = require('crypto');
const { verifyCheckpoint } = require('@sigstore/verify/dist/tlog/checkpoint.js');
const { verifyMerkleInclusion } = require('@sigstore/verify/dist/tlog/merkle.js');

for (const line of fs.readFileSync(process.argv[2], 'utf8').trim().split('\n')) {
  const [name, keyId, spki, index, hashes, record, note] = line.split(' ');
  const decode = (text) => Buffer.from(text, 'base64');
  const entry = {
    canonicalizedBody: decode(record),
    inclusionProof: {
      logIndex: index,
      hashes: hashes === '-' ? [] : hashes.split(',').map(decode),
      checkpoint: { envelope: decode(note).toString('utf8') },
    },
  };
  const log = {
    logID: Buffer.from(keyId, 'hex'),
    baseURL: name,
    publicKey: crypto.createPublicKey({ key: decode(spki), format: 'der', type: 'spki' }),
  };
  let good = true;
  try {
    verifyMerkleInclusion(entry, verifyCheckpoint(entry, [log]));
  } catch (error) {
    if (error.code !== 'TLOG_INCLUSION_PROOF_ERROR') {
      throw error;
    }
    good = false;
  }
  console.log(good);
}
