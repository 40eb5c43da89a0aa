"""Put a person's card together: claims, period, evidence, holder and where its status stands."""

from datetime import date, datetime

from credentials.credential import Credential
from credentials.id_card import ages, id_card_credential
from credentials.keys import PublicKey
from credentials.keys.did_key import did_key
from credentials.wire import StatusEntry
from issuer.configurations import Configuration
from issuer.enrol import HeldSubject
from issuer.keys import Keyring
from issuer.permutation import StatusPlace

BITSTRING_PURPOSES = ("revocation", "suspension")


def id_card(
    subject: HeldSubject,
    *,
    configuration: Configuration,
    holder: PublicKey,
    credential_id: str,
    where: StatusPlace,
    keys: Keyring,
    valid_from: datetime,
    valid_until: datetime,
) -> Credential:
    """The card in one configuration: the issuer's DID and the holder's did:key for Data Integrity, address and ``cnf`` for SD-JWT VC."""
    bound_by_did = configuration.format == "ldp_vc"
    return id_card_credential(
        {**subject.claims, **ages(date.fromisoformat(subject.claims["birth_date"]), valid_from.date())},
        credential_id=credential_id,
        issuer=keys.issuer if bound_by_did else keys.public_url,
        holder=did_key(holder) if bound_by_did else "",
        holder_key=None if bound_by_did else holder,
        valid_from=valid_from,
        valid_until=valid_until,
        status=status_entries(configuration, where, keys.public_url),
        evidence=subject.evidence,
    )


def status_entries(configuration: Configuration, where: StatusPlace, public_url: str) -> tuple[StatusEntry, ...]:
    base = list_url(public_url, where.list_number)
    if configuration.format == "dc+sd-jwt":
        return (StatusEntry("status_list", "", where.index, f"{base}/token"),)
    return tuple(StatusEntry("BitstringStatusListEntry", purpose, where.index, f"{base}/{purpose}") for purpose in BITSTRING_PURPOSES)


def list_url(public_url: str, list_number: int) -> str:
    return f"{public_url}/status/{list_number}"
