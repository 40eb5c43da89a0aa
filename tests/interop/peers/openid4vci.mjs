// A foreign wallet by @openid4vc/openid4vci: from the offer's link to the credential, one configuration.
import {Openid4vciClient} from '@openid4vc/openid4vci';
import {callbacks} from './callbacks.mjs';
import {obey, order} from './order.mjs';

const client = new Openid4vciClient({callbacks: callbacks(order.key)});

async function receive() {
  const credentialOffer = await client.resolveCredentialOffer(order.offer);
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
  const {accessTokenResponse: {access_token: accessToken}} =
    await client.retrievePreAuthorizedCodeAccessTokenFromOffer({credentialOffer, issuerMetadata, txCode: order.tx_code});
  const {c_nonce: nonce} = await client.requestNonce({issuerMetadata});
  const {jwt} = await client.createCredentialRequestJwtProof({
    issuerMetadata, credentialConfigurationId: order.configuration, nonce, signer: order.signer,
  });
  const {credentialResponse} = await client.retrieveCredentials({
    issuerMetadata, accessToken, credentialConfigurationId: order.configuration, proofs: {jwt: [jwt]},
  });
  return {
    credential: credentialResponse.credentials[0].credential,
    configurations: Object.keys(issuerMetadata.knownCredentialConfigurations),
    tx_code: credentialOffer.grants['urn:ietf:params:oauth:grant-type:pre-authorized_code'].tx_code ?? null,
  };
}

await obey({receive});
