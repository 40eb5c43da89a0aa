"""What makes a document a W3C credential or presentation (Verifiable Credentials Data Model 2.0), rule by rule."""

from itertools import pairwise

from credentials.model.iri import check_absolute_iri
from credentials.model.shapes import check_id, check_text, objects, typed_objects, types
from credentials.timestamps import parse_timestamp
from doors.json import JsonObject, JsonValue
from doors.refusals import ContextInvalid, DataModelMismatch

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
ENVELOPED = "EnvelopedVerifiableCredential"
V1_MEMBERS = ("issuanceDate", "expirationDate")
_WITH_ID = frozenset({"credentialSchema", "relatedResource"})


def check_credential(document: JsonObject) -> None:
    """Hold ``document`` (without proof) against every rule of VCDM 2.0 §4 that can be seen in one document.

    Raises ``ContextInvalid`` (§4.3), ``IriNotAbsolute`` (§4.4), ``InputMalformed`` (§4.9 dates), ``DataModelMismatch`` (all else).
    """
    check_context(document)
    _check_versions(document)
    _check_kind(document, "VerifiableCredential")
    _check_issuer(document.get("issuer"))
    _check_subjects(document)
    _check_period(document)
    for member in ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence"):
        for thing in typed_objects(document, member):
            if member in _WITH_ID:
                check_absolute_iri(thing.get("id"), pointer=f"/{member}/id")
    _check_related(document)
    _check_texts(document, pointer="")


def check_presentation(document: JsonObject) -> tuple[JsonObject, ...]:
    """The credentials inside a presentation (without proof), once it follows VCDM 2.0 §4.13; each is an object still to be checked.

    Raises as ``check_credential``.
    """
    check_context(document)
    _check_kind(document, "VerifiablePresentation")
    if "holder" in document:
        holder_of(document)
    if "verifiableCredential" not in document:
        return ()
    credentials = objects(document["verifiableCredential"], pointer="/verifiableCredential")
    for place, credential in enumerate(credentials):
        _check_contained(credential, pointer=f"/verifiableCredential/{place}")
    return credentials


def _check_contained(credential: JsonObject, *, pointer: str) -> None:
    """A credential in a presentation is one with its proof inside, or an envelope around one (VCDM 2.0 §4.13, §4.14)."""
    kinds = types(credential.get("type"), pointer=f"{pointer}/type")
    if ENVELOPED in kinds:
        if not str(credential.get("id", "")).startswith("data:"):
            raise DataModelMismatch("expected an enveloped credential as a data: address", pointer=f"{pointer}/id")
    elif "VerifiableCredential" not in kinds:
        raise DataModelMismatch("expected credentials", pointer=f"{pointer}/type")


def holder_of(presentation: JsonObject) -> str:
    """The holder's IRI, which stands there plainly or as the ``id`` of an object; empty where none is named."""
    holder = presentation.get("holder", "")
    if holder == "" and "holder" not in presentation:
        return ""
    return check_absolute_iri(holder.get("id") if isinstance(holder, dict) else holder, pointer="/holder")


def check_context(document: JsonObject) -> None:
    """``@context`` is an ordered set, the version 2 context first, then addresses and objects (VCDM 2.0 §4.3)."""
    contexts = document.get("@context")
    if contexts == CREDENTIALS_V1 or (isinstance(contexts, list) and contexts[:1] == [CREDENTIALS_V1]):
        raise DataModelMismatch("expected the data model 2.0, got the context of 1.1", pointer="/@context")
    if not isinstance(contexts, list) or contexts[:1] != [CREDENTIALS_V2]:
        raise ContextInvalid(f"expected a list that starts with {CREDENTIALS_V2}", pointer="/@context")
    for place, context in enumerate(contexts):
        if isinstance(context, str):
            check_absolute_iri(context, pointer=f"/@context/{place}")
        elif not isinstance(context, dict) or not context:
            raise ContextInvalid("expected addresses or objects that are not empty", pointer=f"/@context/{place}")
    if any(context in contexts[:place] for place, context in enumerate(contexts)):
        raise ContextInvalid("expected each context once", pointer="/@context")


def _check_versions(document: JsonObject) -> None:
    if CREDENTIALS_V1 in document["@context"]:
        raise DataModelMismatch("expected one version of the data model, got the contexts of two", pointer="/@context")
    for member in V1_MEMBERS:
        if member in document:
            raise DataModelMismatch("expected validFrom and validUntil, got a member of the data model 1.1", pointer=f"/{member}")
    if "proof" in document:
        raise DataModelMismatch("expected a document without its proof", pointer="/proof")


def _check_kind(document: JsonObject, kind: str) -> None:
    if kind not in types(document.get("type"), pointer="/type"):
        raise DataModelMismatch(f"expected the type {kind}", pointer="/type")
    check_id(document, pointer="")


def _check_issuer(issuer: JsonValue) -> None:
    if isinstance(issuer, dict):
        check_absolute_iri(issuer.get("id"), pointer="/issuer/id")
        _check_texts(issuer, pointer="/issuer")
    elif issuer is None:
        raise DataModelMismatch("expected an issuer", pointer="/issuer")
    else:
        check_absolute_iri(issuer, pointer="/issuer")


def _check_subjects(document: JsonObject) -> None:
    for place, subject in enumerate(objects(document.get("credentialSubject"), pointer="/credentialSubject")):
        check_id(subject, pointer=f"/credentialSubject/{place}")


def _check_period(document: JsonObject) -> None:
    moments = [parse_timestamp(document[name], pointer=f"/{name}") for name in ("validFrom", "validUntil") if name in document]
    if any(later < earlier for earlier, later in pairwise(moments)):
        raise DataModelMismatch("expected validUntil not before validFrom", pointer="/validUntil")


def _check_related(document: JsonObject) -> None:
    """Each related resource is named once and with a digest (VCDM 2.0 §5.3)."""
    if "relatedResource" not in document:
        return
    related = objects(document["relatedResource"], pointer="/relatedResource")
    names = [check_absolute_iri(thing.get("id"), pointer="/relatedResource/id") for thing in related]
    if len(set(names)) != len(names) or not all({"digestSRI", "digestMultibase"} & thing.keys() for thing in related):
        raise DataModelMismatch("expected each related resource once, with its digest", pointer="/relatedResource")


def _check_texts(thing: JsonObject, *, pointer: str) -> None:
    for member in ("name", "description"):
        if member in thing:
            check_text(thing[member], pointer=f"{pointer}/{member}")
