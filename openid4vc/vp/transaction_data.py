"""What the holder is asked to approve beside showing a credential: a payment, a filing (OpenID4VP 1.0 §5.1, §8.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from doors import base64url
from doors.json import JsonObject, parse_object
from doors.refusals import InvalidTransactionData, Refused
from openid4vc.members import Members
from openid4vc.vp.dcql import Query

CheckDetails = Callable[[JsonObject], None]
"""Refuses, with ``InvalidTransactionData``, details that are unknown, missing or wrong for one type."""

TRANSACTION_TYPES: Mapping[str, CheckDetails] = MappingProxyType({})
"""The types of transaction data that are understood: none yet, so every request that carries any is refused (§5.1)."""

LONGEST_ENTRY = 16 * 1024


@dataclass(frozen=True, slots=True)
class TransactionData:
    """One entry; ``text`` is what was sent and what the holder's signature will cover, ``details`` what it says."""

    text: str
    type: str
    credential_ids: tuple[str, ...]
    details: JsonObject


def parse_transaction_data(
    members: Members, *, query: Query, types: Mapping[str, CheckDetails] = TRANSACTION_TYPES
) -> tuple[TransactionData, ...]:
    """The entries of ``transaction_data``; () where a request has none.

    Raises ``InvalidTransactionData`` for an unknown type, for identifiers that the query does not define or whose credential needs no
    holder binding (B.3.3), and for details that the type does not allow (§8.5).
    """
    if not members.has("transaction_data"):
        return ()
    return tuple(_entry(text, query, types) for text in Members(members.document, InvalidTransactionData).texts("transaction_data"))


def _entry(text: str, query: Query, types: Mapping[str, CheckDetails]) -> TransactionData:
    details = _decoded(text)
    members = Members.of(details, InvalidTransactionData, "/transaction_data")
    kind, identifiers = members.text("type"), members.texts("credential_ids")
    if kind not in types:
        members.refuse("type", "a type of transaction data that is understood here")
    for identifier in identifiers:
        wanted = query.named(identifier)
        if wanted is None or not wanted.require_holder_binding:
            members.refuse("credential_ids", "identifiers of credential queries with holder binding")
    types[kind](details)
    return TransactionData(text, kind, identifiers, details)


def _decoded(text: str) -> JsonObject:
    if len(text) > LONGEST_ENTRY:
        raise InvalidTransactionData(f"transaction_data: expected at most {LONGEST_ENTRY} characters an entry")
    try:
        return parse_object(base64url.decode(text))
    except Refused as error:
        raise InvalidTransactionData(f"transaction_data: {error.detail}") from None
