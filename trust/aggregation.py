"""Where an issuer's status lists lie, all of them, as the issuer itself publishes it: for those who must work without a network later."""

from typing import TYPE_CHECKING

from credentials.wire import StatusEntry
from doors.json import JsonObject, JsonValue, parse_object
from doors.refusals import FetchFailed, MetadataInvalid, MetadataMismatch, UrlBlocked
from openid4vc.urls import well_known_url
from trust.entries import IssuerEntry

if TYPE_CHECKING:
    from runtime.fetch import Fetch

ENDPOINT = "status_list_aggregation_endpoint"
MOST_LISTS = 128
"""So many lists of one issuer are laid in at most: 16 million credentials."""
_SIZE = 64 * 1024
_KINDS = {"status_lists": ("status_list", ""), "bitstring_status_lists": ("BitstringStatusListEntry", "")}


async def aggregated_lists(issuer: str, entry: IssuerEntry, *, fetch: "Fetch") -> tuple[StatusEntry, ...]:
    """A status entry (of index 0) for each status list that the https issuer ``issuer`` of ``entry`` names.

    Standard: ``status_list_aggregation_endpoint`` in the authorization server metadata (Token Status List §9.1, RFC 8414) names an
    address that answers with JSON whose ``status_lists`` are the addresses of Token Status Lists (§9.3). Ours: beside it,
    ``bitstring_status_lists`` are those of Bitstring Status Lists, for which no standard has an aggregation; issuers of others, which
    do not write it, have only Token Status Lists laid in.

    Raises ``MetadataInvalid`` where the issuer publishes no endpoint or another shape, ``MetadataMismatch`` where the metadata is
    another issuer's, ``UrlBlocked`` for an endpoint or list on a host that is not the issuer's own, and what ``fetch`` raises.
    """
    metadata = await _read(well_known_url(issuer, "oauth-authorization-server"), fetch)
    if metadata.get("issuer") != issuer:
        raise MetadataMismatch("authorization server metadata: expected that of the issuer it lies under, got another's")
    endpoint = metadata.get(ENDPOINT)
    if not isinstance(endpoint, str):
        raise MetadataInvalid(f"authorization server metadata: expected {ENDPOINT}, and the issuer publishes none")
    aggregation = await _read(_own(endpoint, entry), fetch)
    return tuple(
        StatusEntry(kind, purpose, 0, _own(url, entry))
        for member, (kind, purpose) in _KINDS.items()
        for url in _texts(aggregation.get(member, []), member)
    )


def _texts(value: JsonValue, member: str) -> list[str]:
    texts = [text for text in value if isinstance(text, str)] if isinstance(value, list) else None
    if texts is None or not isinstance(value, list) or len(texts) != len(value) or len(texts) > MOST_LISTS:
        raise MetadataInvalid(f"{member}: expected at most {MOST_LISTS} addresses", pointer=f"/{member}")
    return texts


def _own(url: str, entry: IssuerEntry) -> str:
    if not entry.serves(url):
        raise UrlBlocked("status lists: expected addresses on the issuer's own host")
    return url


async def _read(url: str, fetch: "Fetch") -> JsonObject:
    fetched = await fetch(url, max_bytes=_SIZE, accept="application/json")
    if fetched.status != 200:
        raise FetchFailed(f"{url}: expected status 200, got {fetched.status}")
    return parse_object(fetched.content)
