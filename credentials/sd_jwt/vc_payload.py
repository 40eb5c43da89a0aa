"""The same credential twice: as a W3C document, and as the claims of an SD-JWT VC."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from credentials.credential import Credential
from credentials.id_card.names import ID_CARD_CONTEXT, ID_CARD_TYPE, ID_CARD_VCT
from credentials.keys import PublicKey, public_key_from_jwk
from credentials.model.iri import is_absolute_iri
from credentials.model.rules import CREDENTIALS_V2
from credentials.model.token_status import STATUS_LIST, entries_of_claim, entry_object, status_claim
from credentials.sd_jwt.processing import Processed
from credentials.timestamps import format_timestamp
from credentials.wire import ClaimPath, StatusEntry
from doors.json import JsonObject, JsonValue
from doors.refusals import AudMismatch, DataModelMismatch, DisclosureInvalid, InputMalformed

VCTS: Mapping[str, str] = MappingProxyType({ID_CARD_TYPE: ID_CARD_VCT})
"""The type IRIs of the types that have a short name."""
CONTEXTS: Mapping[str, tuple[str, ...]] = MappingProxyType({ID_CARD_VCT: (ID_CARD_CONTEXT,)})
"""The contexts that define the claims of a type, beside the W3C one."""
NEVER_DISCLOSABLE = frozenset({"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status", "aud"})
"""Claims that are never selectively disclosed (SD-JWT VC §2.2.2.3, RFC 9901 §9.7)."""
_ABOUT_THE_CREDENTIAL = NEVER_DISCLOSABLE | {"iat", "jti", "sub", "evidence"}
_MAPPED = frozenset({"@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialSubject", "credentialStatus", "evidence"})


def to_payload(credential: Credential, *, now: datetime) -> JsonObject:
    """The claims that an SD-JWT VC states for ``credential``, none hidden yet (SD-JWT VC §2.2.2).

    The document's own ``id`` and the subject's are left out where a holder key binds the credential: they would link showings.
    Raises ``DataModelMismatch`` for what the format has no place for.
    """
    if odd := sorted(credential.document.keys() - _MAPPED):
        raise DataModelMismatch("dc+sd-jwt: expected only members that the format has a place for", pointer=f"/{odd[0]}")
    if credential.claims.keys() & (_ABOUT_THE_CREDENTIAL | {"id"}):
        raise DataModelMismatch("dc+sd-jwt: a claim has a name that the format keeps for itself", pointer="/credentialSubject")
    vct, *others = _type_iris(credential)
    return {
        "iss": credential.issuer,
        "iat": int(now.timestamp()),
        **_seconds("nbf", credential.valid_from),
        **_seconds("exp", credential.valid_until),
        "vct": vct,
        **({"aka_vcts": others} if others else {}),
        **_holder(credential),
        **_status(credential.status),
        **({"evidence": list(credential.evidence)} if credential.evidence else {}),
        **credential.claims,
    }


def disclosable_paths(credential: Credential) -> frozenset[ClaimPath]:
    """Every claim about the subject, each on its own."""
    return frozenset((name,) for name in credential.claims)


def _type_iris(credential: Credential) -> list[str]:
    named = [VCTS.get(name, name) for name in credential.types if name != "VerifiableCredential"]
    if not named or not all(is_absolute_iri(name) for name in named):
        raise DataModelMismatch("dc+sd-jwt: expected the credential's own types as IRIs", pointer="/type")
    return named


def _seconds(name: str, moment: datetime | None) -> JsonObject:
    return {name: int(moment.timestamp())} if moment else {}


def _holder(credential: Credential) -> JsonObject:
    if credential.holder_key:
        return {"cnf": {"jwk": credential.holder_key.jwk()}}
    return {"sub": credential.holder} if credential.holder else {}


def _status(entries: tuple[StatusEntry, ...]) -> JsonObject:
    """The one Token Status List entry; a status that the format cannot carry must not be lost silently."""
    tokens = [entry for entry in entries if entry.kind == STATUS_LIST]
    if len(tokens) != bool(entries):
        raise DataModelMismatch("dc+sd-jwt: expected one status_list entry for the status", pointer="/credentialStatus")
    return {"status": status_claim(tokens[0])} if tokens else {}


def from_processed(processed: Processed) -> Credential:
    """The credential that a verified and processed payload states.

    Raises ``DisclosureInvalid`` where a claim was disclosed that must not be, ``DataModelMismatch``, ``AudMismatch``,
    ``KeyNotAllowed``, ``InputMalformed`` and what ``Credential.parse`` raises.
    """
    if any(placed.path[0] in NEVER_DISCLOSABLE for placed in processed.placed):
        raise DisclosureInvalid("disclosure: the claim must stand in the signed token itself (SD-JWT VC §2.2.2.3)")
    claims = processed.claims
    if "aud" in claims:
        raise AudMismatch("dc+sd-jwt: expected a credential for any verifier, got one for a named audience", pointer="/aud")
    holder_key = holder_key_of(claims)
    vcts = vcts_of(claims)
    document: JsonObject = {
        "@context": [CREDENTIALS_V2, *CONTEXTS.get(vcts[0], ())],
        "type": ["VerifiableCredential", *vcts],
        "issuer": claims.get("iss"),
        **_timestamp("validFrom", claims, "nbf"),
        **_timestamp("validUntil", claims, "exp"),
        "credentialSubject": _subject(claims, holder_key),
        **_document_status(claims),
        **({"evidence": claims["evidence"]} if "evidence" in claims else {}),
    }
    return Credential(Credential.parse(document).document, holder_key)


def vcts_of(claims: JsonObject) -> tuple[str, ...]:
    """``vct`` and after it ``aka_vcts`` (SD-JWT VC §2.2.2.1, §2.2.2.2); raises ``DataModelMismatch``."""
    vct, others = claims.get("vct"), claims.get("aka_vcts", [])
    if not isinstance(vct, str) or not vct:
        raise DataModelMismatch("dc+sd-jwt: expected vct as text", pointer="/vct")
    if not isinstance(others, list) or ("aka_vcts" in claims and not others) or not all(isinstance(name, str) and name for name in others):
        raise DataModelMismatch("dc+sd-jwt: expected aka_vcts as a list of texts", pointer="/aka_vcts")
    if vct in others:
        raise DataModelMismatch("dc+sd-jwt: expected aka_vcts without vct itself", pointer="/aka_vcts")
    return (vct, *others)


def status_of(claims: JsonObject) -> tuple[StatusEntry, ...]:
    """The entries of the ``status`` claim, none where there is none."""
    return entries_of_claim(claims["status"]) if "status" in claims else ()


def holder_key_of(claims: JsonObject) -> PublicKey | None:
    """The key under ``cnf.jwk`` (RFC 7800 §3.2), ``None`` without ``cnf``; raises ``KeyNotAllowed`` and ``DataModelMismatch``."""
    if "cnf" not in claims:
        return None
    confirmation = claims["cnf"]
    jwk = confirmation.get("jwk") if isinstance(confirmation, dict) else None
    if not isinstance(jwk, dict):
        raise DataModelMismatch("dc+sd-jwt: expected cnf with the holder's key as jwk", pointer="/cnf")
    return public_key_from_jwk(jwk)


def _subject(claims: JsonObject, holder_key: PublicKey | None) -> JsonObject:
    """The claims about the person; without an IRI in ``sub`` the holder's key names the person (RFC 9278)."""
    if "id" in claims:
        raise DataModelMismatch("dc+sd-jwt: expected no claim named id", pointer="/id")
    about = {name: value for name, value in claims.items() if name not in _ABOUT_THE_CREDENTIAL}
    if is_absolute_iri(claims.get("sub")):
        return {"id": claims["sub"], **about}
    named = {"id": f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{holder_key.thumbprint()}"} if holder_key else {}
    return {**named, **({"sub": claims["sub"]} if "sub" in claims else {}), **about}


def _timestamp(member: str, claims: JsonObject, name: str) -> JsonObject:
    if name not in claims:
        return {}
    seconds: JsonValue = claims[name]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise InputMalformed(f"dc+sd-jwt: expected {name} as a number of seconds", pointer=f"/{name}")
    try:
        return {member: format_timestamp(datetime.fromtimestamp(seconds, UTC))}
    except (OverflowError, ValueError, OSError):
        raise InputMalformed(f"dc+sd-jwt: expected {name} as a moment that exists", pointer=f"/{name}") from None


def _document_status(claims: JsonObject) -> JsonObject:
    """The status entries; a mechanism that is not read here stays in sight under its name, for a judge to be undecided about."""
    entries = [entry_object(entry) if entry.kind == STATUS_LIST else {"type": entry.kind} for entry in status_of(claims)]
    return {"credentialStatus": entries} if entries else {}
