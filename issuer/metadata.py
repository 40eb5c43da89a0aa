"""What the office says of itself: its addresses, its kinds of credential, its keys."""

from credentials.id_card import ID_CARD_CONTEXT, ID_CARD_TYPE, ID_CARD_VCT
from doors.json import JsonObject
from issuer.claims import CLAIMS
from issuer.configurations import CONFIGURATIONS, Configuration
from issuer.id_card import BITSTRING_PURPOSES, list_url
from issuer.keys import ROLES, Keyring
from openid4vc.vci.authorization_server import AuthorizationServerMetadata
from openid4vc.vci.configuration import CredentialConfiguration, ProofType
from openid4vc.vci.display import ClaimDescription, Display
from openid4vc.vci.metadata import IssuerMetadata
from openid4vc.vci.offer import PRE_AUTHORIZED_CODE
from runtime.words import Words

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
_DATA_INTEGRITYPROOFS = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
_FORMAT_PARAMETERS: dict[str, JsonObject] = {
    "ldp_vc": {
        "credential_definition": {"@context": [CREDENTIALS_V2, ID_CARD_CONTEXT], "type": ["VerifiableCredential", ID_CARD_TYPE]},
    },
    "dc+sd-jwt": {"vct": ID_CARD_VCT},
}
_SIGNING_NAMES = {"ldp_vc": ("eddsa-rdfc-2022",), "dc+sd-jwt": ("ES256",)}
_BINDING = {"ldp_vc": ("did:key",), "dc+sd-jwt": ("jwk", "did:key")}
PROOFS = {
    "ldp_vc": {"jwt": ProofType(("EdDSA", "Ed25519", "ES256")), "di_vp": ProofType(_DATA_INTEGRITYPROOFS)},
    "dc+sd-jwt": {"jwt": ProofType(("ES256", "EdDSA", "Ed25519")), "di_vp": ProofType(_DATA_INTEGRITYPROOFS)},
}
_CLAIM_ROOT: dict[str, tuple[str, ...]] = {"ldp_vc": ("credentialSubject",), "dc+sd-jwt": ()}


def issuer_metadata(public_url: str, *, batch_size: int, words: Words) -> IssuerMetadata:
    """The credential issuer metadata (OpenID4VCI 1.0 §12.2.4)."""
    return IssuerMetadata(
        credential_issuer=public_url,
        credential_endpoint=f"{public_url}/credential",
        nonce_endpoint=f"{public_url}/nonce",
        batch_size=batch_size,
        configurations={name: _configuration(kind, words) for name, kind in CONFIGURATIONS.items()},
        display=_displays(words, "issuer.name"),
    )


def authorization_server_metadata(public_url: str) -> AuthorizationServerMetadata:
    """RFC 8414 §2, with the pre-authorised code grant alone (OpenID4VCI 1.0 §12.3), and where all status lists are named."""
    return AuthorizationServerMetadata(
        issuer=public_url,
        token_endpoint=f"{public_url}/token",
        grant_types=(PRE_AUTHORIZED_CODE,),
        anonymous_pre_authorized=True,
        token_endpoint_auth_methods=("none",),
        status_list_aggregation_endpoint=f"{public_url}/status",
    )


def status_list_aggregation(public_url: str, *, lists: int) -> JsonObject:
    """The addresses of all status lists, so that somebody can lay them in (Token Status List §9.3).

    ``status_lists``, the Token Status Lists, is the standard's. ``bitstring_status_lists`` is ours: no standard lists those.
    """
    numbers = range(1, lists + 1)
    return {
        "status_lists": [f"{list_url(public_url, number)}/token" for number in numbers],
        "bitstring_status_lists": [f"{list_url(public_url, number)}/{purpose}" for number in numbers for purpose in BITSTRING_PURPOSES],
    }


def did_document(keys: Keyring) -> JsonObject:
    """The did:web document: every key a Multikey that may sign assertions (CID 1.0 §2.2.2, did:web method §2.5.2)."""
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": keys.issuer,
        "verificationMethod": [
            {"id": key.kid, "type": "Multikey", "controller": keys.issuer, "publicKeyMultibase": key.public.multikey()}
            for key in keys.all()
        ],
        "assertionMethod": [f"{keys.issuer}#{role}" for role in ROLES],
    }


def jwt_vc_issuer(keys: Keyring) -> JsonObject:
    """The JWT VC issuer metadata (SD-JWT VC §5), each key under the name it has in the DID document."""
    named = [{**key.public.jwk(), "kid": key.kid, "alg": key.algorithm, "use": "sig"} for key in keys.all()]
    return {"issuer": keys.public_url, "jwks": {"keys": named}}


def vct_metadata(words: Words) -> JsonObject:
    """The type metadata of the ID card (SD-JWT VC §6)."""
    return {
        "vct": ID_CARD_VCT,
        "name": words.say("en", "configuration.id-card"),
        "display": [{"locale": language, "name": words.say(language, "configuration.id-card")} for language in words.languages],
        "claims": [
            {
                "path": [name],
                "sd": "always",
                "display": [{"locale": language, "label": words.say(language, f"claim.{name}")} for language in words.languages],
            }
            for name in CLAIMS
        ],
    }


def _configuration(kind: Configuration, words: Words) -> CredentialConfiguration:
    return CredentialConfiguration(
        id=kind.id,
        format=kind.format,
        parameters=_FORMAT_PARAMETERS[kind.format],
        scope=kind.id,
        signing_algorithms=_SIGNING_NAMES[kind.format],
        binding_methods=_BINDING[kind.format],
        proof_types=PROOFS[kind.format],
        display=_displays(words, "configuration.id-card"),
        claims=tuple(
            ClaimDescription(path=(*_CLAIM_ROOT[kind.format], name), display=_displays(words, f"claim.{name}")) for name in CLAIMS
        ),
    )


def _displays(words: Words, key: str) -> tuple[Display, ...]:
    return tuple(Display(name=words.say(language, key), locale=language) for language in words.languages)
