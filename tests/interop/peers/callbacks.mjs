// What the OpenID4VC libraries leave to their user: signatures and encryption, by jose, and the keys behind a did:web.
import * as jose from 'jose';
import {decode} from 'base58-universal';
import {createHash, ECDH, randomBytes} from 'node:crypto';
import {clientAuthenticationAnonymous, setGlobalConfig} from '@openid4vc/oauth2';

setGlobalConfig({allowInsecureUrls: true}); // the tests live on loopback

const publicOf = ({kty, crv, x, y}) => ({kty, crv, x, ...(y ? {y} : {})});

export function callbacks(key) {
  return {
    fetch,
    hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
    generateRandom: length => randomBytes(length),
    clientAuthentication: clientAuthenticationAnonymous(),
    signJwt: async (signer, {header, payload}) => ({
      jwt: await new jose.SignJWT(payload).setProtectedHeader(header).sign(await jose.importJWK(key, signer.alg)),
      signerJwk: publicOf(key),
    }),
    verifyJwt: async (signer, {compact}) => {
      const signerJwk = await keyOfDidWeb(signer.didUrl);
      try {
        await jose.compactVerify(compact, await jose.importJWK(signerJwk, signer.alg));
        return {verified: true, signerJwk};
      } catch {
        return {verified: false};
      }
    },
    encryptJwe: async ({publicJwk, alg, enc}, data) => ({
      encryptionJwk: publicJwk,
      jwe: await new jose.CompactEncrypt(new TextEncoder().encode(data))
        .setProtectedHeader({alg, enc, kid: publicJwk.kid}).encrypt(await jose.importJWK(publicJwk, alg)),
    }),
    decryptJwe: async jwe => {
      const {plaintext} = await jose.compactDecrypt(jwe, await jose.importJWK(key, 'ECDH-ES'));
      return {decrypted: true, decryptionJwk: publicOf(key), payload: new TextDecoder().decode(plaintext)};
    },
  };
}

// A P-256 Multikey (did:web on loopback goes by http) as a JWK; a compressed point is opened by Node's own curve arithmetic.
async function keyOfDidWeb(didUrl) {
  const [did] = didUrl.split('#');
  const host = decodeURIComponent(did.replace(/^did:web:/, ''));
  const {verificationMethod} = await (await fetch(`http://${host}/.well-known/did.json`)).json();
  const {publicKeyMultibase} = verificationMethod.find(({id}) => id === didUrl);
  return p256(publicKeyMultibase);
}

function p256(multibase) {
  const bytes = decode(multibase.slice(1));
  if(bytes[0] !== 0x80 || bytes[1] !== 0x24) {
    throw new Error('expected a P-256 Multikey');
  }
  const point = ECDH.convertKey(bytes.subarray(2), 'prime256v1', undefined, undefined, 'uncompressed');
  return {kty: 'EC', crv: 'P-256', x: jose.base64url.encode(point.subarray(1, 33)), y: jose.base64url.encode(point.subarray(33))};
}
