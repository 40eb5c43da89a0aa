// @digitalbazaar/vc on the other side: issue, present and verify W3C credentials with eddsa-rdfc-2022, or with the `suite` of the order.
// `documents` are the only ones beyond the library's own contexts: {url: document}. A status is not this library's to look up.
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as ecdsa} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsa} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {inTurn, obey, order, reasons} from './order.mjs';

const {challenge, domain, now} = order;
const credential = inTurn(order.credential, order.credentials), presentation = inTurn(order.presentation, order.presentations);
const {cryptosuite, keys} = {
  'eddsa-rdfc-2022': {cryptosuite: eddsa, keys: Ed25519Multikey},
  'ecdsa-rdfc-2019': {cryptosuite: ecdsa, keys: EcdsaMultikey},
}[order.suite ?? 'eddsa-rdfc-2022'];
const key = order.key && await keys.from(order.key);
const suite = new DataIntegrityProof({cryptosuite, ...(key ? {signer: key.signer(), date: now} : {})});

const documentLoader = async url => Object.hasOwn(order.documents, url)
  ? {contextUrl: null, documentUrl: url, document: order.documents[url], tag: 'static'}
  : vc.defaultDocumentLoader(url);

const checkStatus = async () => ({verified: true});
const fresh = value => structuredClone(value);
const verdict = ({verified, error}) => ({verified, errors: error ? reasons(error) : ''});

await obey({
  issue: async () => vc.issue({credential: fresh(credential()), suite, documentLoader, now}),
  present: async () => vc.signPresentation({presentation: fresh(presentation()), suite, documentLoader, challenge, domain}),
  'verify-credential': async () => verdict(await vc.verifyCredential({credential: credential(), suite, documentLoader, checkStatus, now})),
  'verify-presentation': async () =>
    verdict(await vc.verify({presentation: presentation(), suite, documentLoader, checkStatus, challenge, domain, now})),
});
