// @sd-jwt/sd-jwt-vc on the other side: issue, present with key binding, verify; the status list is given, not fetched.
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import {digest, ES256, generateSalt} from '@sd-jwt/crypto-nodejs';
import {inTurn, obey, order} from './order.mjs';

const signer = async jwk => jwk && ES256.getSigner(jwk);
const verifier = async jwk => jwk && ES256.getVerifier(jwk);

const instance = new SDJwtVcInstance({
  signAlg: 'ES256', kbSignAlg: 'ES256', hashAlg: 'sha-256', hasher: digest, saltGenerator: generateSalt,
  signer: await signer(order.issuer_private), verifier: await verifier(order.issuer_public),
  kbSigner: await signer(order.holder_private), kbVerifier: await verifier(order.holder_public),
  statusListFetcher: async url => order.status_lists[url],
});

const token = inTurn(order.token, order.tokens);

await obey({
  issue: async () => instance.issue(order.payload, {_sd: order.conceal}, {header: order.header}),
  present: async () => instance.present(token(), order.frame, {kb: {payload: {iat: order.now, aud: order.audience, nonce: order.nonce}}}),
  verify: async () => instance.verify(token(), {currentDate: order.now, keyBindingNonce: order.nonce, requiredClaimKeys: order.required}),
});
