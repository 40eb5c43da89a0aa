"""Make the ID card: check what it says about a person, and set it down as a W3C credential."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from credentials.credential import Credential
from credentials.id_card.citizen_number import check_citizen_number
from credentials.id_card.names import ID_CARD_CONTEXT, ID_CARD_TYPE
from credentials.keys import PublicKey
from credentials.model.rules import CREDENTIALS_V2
from credentials.model.token_status import entry_object
from credentials.timestamps import format_timestamp
from credentials.wire import StatusEntry
from doors.json import JsonObject
from doors.refusals import DocumentInvalid, SchemaMismatch

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


def id_card_credential(
    claims: JsonObject,
    *,
    issuer: str,
    holder: str,
    valid_from: datetime,
    valid_until: datetime,
    status: Sequence[StatusEntry],
    evidence: Sequence[JsonObject],
    holder_key: PublicKey | None = None,
    credential_id: str = "",
) -> Credential:
    """An ID card for the person of ``claims``, bound to ``holder`` (a DID) or to ``holder_key``, not secured yet.

    Raises ``SchemaMismatch`` and ``DocumentInvalid`` for the claims and what ``Credential.parse`` raises for the rest.
    """
    check_claims(claims)
    document: JsonObject = {
        "@context": [CREDENTIALS_V2, ID_CARD_CONTEXT],
        **({"id": credential_id} if credential_id else {}),
        "type": ["VerifiableCredential", ID_CARD_TYPE],
        "issuer": issuer,
        "validFrom": format_timestamp(valid_from),
        "validUntil": format_timestamp(valid_until),
        "credentialSubject": {**({"id": holder} if holder else {}), **claims},
        **({"credentialStatus": [entry_object(entry) for entry in status]} if status else {}),
        **({"evidence": list(evidence)} if evidence else {}),
    }
    return Credential(Credential.parse(document).document, holder_key)


def check_claims(claims: JsonObject) -> None:
    """Return if ``claims`` follow the card's JSON Schema and do not contradict each other.

    Raises ``SchemaMismatch`` with the pointer of the first claim that does not, and ``DocumentInvalid`` for a citizen number whose
    check character is wrong or that names another birth date or sex, or a card that ends before it begins.
    """
    error = next(iter(sorted(_validator().iter_errors(claims), key=lambda found: list(map(str, found.absolute_path)))), None)
    if error is not None:
        pointer = "".join(f"/{step}" for step in error.absolute_path)
        raise SchemaMismatch(f"ID card: a claim breaks the rule {error.validator} of the card's schema", pointer=pointer)
    dates = {name: _day(claims, name) for name in ("birth_date", "issuance_date", "expiry_date") if name in claims}
    if dates.get("issuance_date", dates["birth_date"]) > dates["expiry_date"]:
        raise DocumentInvalid("ID card: expected expiry_date not before issuance_date", pointer="/expiry_date")
    if "citizen_number" in claims:
        _check_number(claims, dates["birth_date"])


def _check_number(claims: JsonObject, birth_date: date) -> None:
    number = check_citizen_number(claims["citizen_number"])
    if number.birth_date != birth_date:
        raise DocumentInvalid("ID card: expected birth_date as the citizen number has it", pointer="/birth_date")
    if claims.get("sex", number.sex) != number.sex:
        raise DocumentInvalid("ID card: expected sex as the citizen number has it", pointer="/sex")


def _day(claims: JsonObject, name: str) -> date:
    try:
        return date.fromisoformat(claims[name])
    except ValueError:
        raise SchemaMismatch("ID card: expected a day of the calendar", pointer=f"/{name}") from None


@cache
def _validator() -> "Validator":
    """Loaded on first use: a verifier that only reads cards never needs it."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    return Draft202012Validator(json.loads(schema_text()))


def schema_text() -> str:
    """The JSON Schema of the claims, as it is published."""
    return (files("credentials.id_card") / "schema.json").read_text("utf-8")


def context_text() -> str:
    """The JSON-LD context of the card, as it is published under ``ID_CARD_CONTEXT``."""
    return (files("credentials.id_card") / "context.json").read_text("utf-8")
