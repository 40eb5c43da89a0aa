// didwebvh-ts on the other side: read a history with its witnesses, and make one; signatures by Node's own Ed25519.
import {createPrivateKey, createPublicKey, sign as ed25519, verify as ed25519Verified} from 'node:crypto';
import {
  AbstractCrypto, createDID, deactivateDID, deriveNextKeyHash, MultibaseEncoding, multibaseEncode, prepareDataForSigning, resolveDIDFromLog,
  updateDID
} from 'didwebvh-ts';
import {obey, order} from './order.mjs';

class Hand extends AbstractCrypto {
  constructor(jwk, multikey) {
    super({verificationMethod: multikey && {id: `did:key:${multikey}#${multikey}`, type: 'Multikey', publicKeyMultibase: multikey}, useStaticId: false});
    this.key = jwk && createPrivateKey({key: jwk, format: 'jwk'});
  }
  async sign({document, proof}) {
    const signature = ed25519(null, await prepareDataForSigning(document, proof), this.key);
    return {proofValue: multibaseEncode(signature, MultibaseEncoding.BASE58_BTC)};
  }
  async verify(signature, message, publicKey) {
    const x = Buffer.from(publicKey).toString('base64url');
    return ed25519Verified(null, message, createPublicKey({key: {kty: 'OKP', crv: 'Ed25519', x}, format: 'jwk'}), signature);
  }
}

const verifier = new Hand();
const hands = (order.keys ?? []).map(({jwk, multikey}) => ({signer: new Hand(jwk, multikey), multikey}));

await obey({
  read: async () => resolveDIDFromLog(order.log, {verifier, witnessProofs: order.witness_proofs, ...order.wish}),
  // Each key commits to the next and hands over to it; the last gives the DID up.
  make: async () => {
    const hashes = await Promise.all(hands.map(({multikey}) => deriveNextKeyHash(multikey)));
    const verificationMethods = [{type: 'Multikey', publicKeyMultibase: hands[1].multikey, purpose: 'assertionMethod'}];
    const common = {verificationMethods, verifier};
    const first = await createDID({
      ...common, address: order.address, signer: hands[0].signer, updateKeys: [hands[0].multikey], nextKeyHashes: [hashes[1]], portable: true,
      created: order.times[0],
    });
    const second = await updateDID({
      ...common, log: first.log, signer: hands[1].signer, updateKeys: [hands[1].multikey], nextKeyHashes: [], alsoKnownAs: ['did:web:peer.example'],
      updated: order.times[1],
    });
    const third = await deactivateDID({log: second.log, signer: hands[1].signer, verifier});
    return {did: first.did, log: second.log, given_up: third.log};
  },
});
