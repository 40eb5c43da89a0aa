// @openid4vc/openid4vp on the other side: a foreign wallet that answers our verifier, and a foreign verifier that asks our wallet.
// Cards are matched by dcql and shown by @sd-jwt/sd-jwt-vc and @digitalbazaar/vc.
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {Openid4vpClient, Openid4vpVerifier} from '@openid4vc/openid4vp';
import {digest, ES256, generateSalt} from '@sd-jwt/crypto-nodejs';
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import {DcqlQuery} from 'dcql';
import {callbacks} from './callbacks.mjs';
import {obey, order} from './order.mjs';

const serverMetadata = {
  authorization_signing_alg_values_supported: [],
  authorization_encryption_alg_values_supported: ['ECDH-ES'],
  authorization_encryption_enc_values_supported: ['A256GCM', 'A128GCM'],
};

// The foreign wallet: {link, held: {dcql's view of the card}, card, key}
async function present() {
  const client = new Openid4vpClient({callbacks: callbacks(order.key)});
  const {params} = client.parseOpenid4vpAuthorizationRequest({authorizationRequest: order.link});
  const asked = await client.resolveOpenId4vpAuthorizationRequest({authorizationRequestPayload: params});
  const {authorizationRequestPayload} = asked;
  const query = DcqlQuery.parse(asked.dcql.query);
  DcqlQuery.validate(query);
  const found = DcqlQuery.query(query, [order.held]);
  if(!found.can_be_satisfied) {
    throw new Error(`the card does not answer the query: ${JSON.stringify(found.credential_matches)}`);
  }
  const [wanted] = query.credentials;
  const shown = await shows[wanted.format](wanted, authorizationRequestPayload);
  const {authorizationResponsePayload, jarm} = await client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload,
    authorizationResponsePayload: {vp_token: {[wanted.id]: [shown]}},
    ...(authorizationRequestPayload.response_mode === 'direct_post.jwt' ? {jarm: {encryption: {nonce: 'mdoc'}, serverMetadata}} : {}),
  });
  const {response} = await client.submitOpenid4vpAuthorizationResponse({authorizationRequestPayload, authorizationResponsePayload, jarm});
  return {
    client: asked.client.effective, version: asked.version, signer: asked.jar.signer.didUrl, mode: authorizationRequestPayload.response_mode,
    status: response.status, body: await response.json(),
  };
}

const shows = {
  'dc+sd-jwt': async ({claims}, {client_id: aud, nonce}) => {
    const instance = new SDJwtVcInstance({
      hasher: digest, hashAlg: 'sha-256', saltGenerator: generateSalt, kbSignAlg: 'ES256', kbSigner: await ES256.getSigner(order.key),
    });
    const frame = Object.fromEntries(claims.map(({path: [name]}) => [name, true]));
    return instance.present(order.card, frame, {kb: {payload: {iat: Math.floor(Date.now() / 1000), aud, nonce}}});
  },
  ldp_vc: async (_, {client_id: domain, nonce: challenge}) => {
    const key = await Ed25519Multikey.from(order.multikey);
    const documentLoader = async url => Object.hasOwn(order.documents, url)
      ? {contextUrl: null, documentUrl: url, document: order.documents[url], tag: 'static'}
      : vc.defaultDocumentLoader(url);
    const presentation = {
      '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiablePresentation'], holder: key.controller,
      verifiableCredential: [order.card],
    };
    const suite = new DataIntegrityProof({cryptosuite, signer: key.signer(), date: new Date().toISOString().slice(0, 19) + 'Z'});
    return vc.signPresentation({presentation, suite, documentLoader, challenge, domain});
  },
};

// The foreign verifier: {key, did_url, request, exp}, later {request, response}
const verifier = () => new Openid4vpVerifier({callbacks: callbacks(order.key)});

async function ask() {
  const {authorizationRequest} = await verifier().createOpenId4vpAuthorizationRequest({
    scheme: 'openid4vp://', authorizationRequestPayload: order.request,
    jar: {
      jwtSigner: {method: 'did', didUrl: order.did_url, alg: 'ES256'}, expiresInSeconds: 300,
      additionalJwtPayload: {aud: 'https://self-issued.me/v2'},
    },
  });
  return authorizationRequest;
}

async function read() {
  const {dcql: {presentations}, jarm} = await verifier().parseOpenid4vpAuthorizationResponse({
    authorizationRequestPayload: order.request, authorizationResponse: {response: order.response}, callbacks: callbacks(order.key),
  });
  return {presentations, kind: jarm.type};
}

await obey({present, ask, read});
