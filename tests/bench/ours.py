"""What is measured of ours: each operation from the bytes that come to the bytes or the verdict that go."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from credentials.credential import Credential
from credentials.formats import FORMATS, Format
from credentials.status import BitstringStatusList, parse_token_status_list, read_bitstring, verify_token_status_list
from credentials.wire import VerifiableCredential
from tests.bench.country import ENTRIES, WRITERS, Country
from tests.bench.timing import Act, over
from trust.checks import Findings
from trust.judge import judge
from trust.status import judge_status

NONCE, AUDIENCE = "n-8NnzGIlFVmSzqUzDbvpw", "decentralized_identifier:did:web:court.example"
SKEW = timedelta(seconds=60)
LARGE = 10_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """One measured operation. ``signatures`` are the raw signatures of the floor: how many, made or checked, by which algorithm.

    ``bare`` is the same operation by the format alone, without trust, dates and status.
    """

    operation: str
    format: str
    document: str
    act: Act
    signatures: tuple[int, str, str] | None = None
    bare: Act | None = None
    floor: Act | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """The cards of one format and document: not secured, secured, and shown."""

    credentials: tuple[Credential, ...]
    secured: tuple[VerifiableCredential, ...]
    shown: tuple[bytes, ...]


def pool_of(country: Country, form: str, document: str, size: int, *, listed: bool = True) -> Pool:
    """``listed``: whether the cards stand on a status list."""
    writer, now = WRITERS[form], country.now
    credentials = tuple(country.credential(form, document, order, listed=listed) for order in range(size))
    secured = tuple(writer.secure(credential, country.issuer_key(form), now=now) for credential in credentials)
    key = country.holder_key(form)
    shown = tuple(writer.present(vc, key, nonce=NONCE, audience=AUDIENCE, now=now).wire for vc in secured)
    return Pool(credentials, secured, shown)


def card_cases(country: Country, form: str, document: str, pool: Pool) -> Iterable[Case]:
    """Every operation on cards of one format and document; of ``unknown-shape`` verification alone."""
    writer, algorithm = WRITERS[form], country.issuer_key(form).algorithm
    reader = FORMATS[writer.name]
    wires = [vc.wire for vc in pool.secured]
    judged, bare = _verification(country, reader, form)
    yield Case("verify", form, document, over(judged, wires), (1, "verify", algorithm), over(bare, wires))
    if document == "unknown-shape":
        return
    key, holder = country.issuer_key(form), country.holder_key(form)

    def issue(credential: Credential) -> object:
        return writer.secure(credential, key, now=country.now)

    def present(vc: VerifiableCredential) -> object:
        return writer.present(vc, holder, nonce=NONCE, audience=AUDIENCE, now=country.now)

    yield Case("issue", form, document, over(issue, pool.credentials), (1, "sign", algorithm))
    yield Case("present", form, document, over(present, pool.secured), (1, "sign", algorithm))
    judged, bare = _presentation(country, reader, form)
    yield Case("verify-presentation", form, document, over(judged, pool.shown), (2, "verify", algorithm), over(bare, pool.shown))


def _verification(country: Country, reader: Format, form: str) -> tuple[Callable[[bytes], object], Callable[[bytes], object]]:
    facts, policy, key = country.facts(), country.policy(), country.issuer_key(form).public

    def judged(wire: bytes) -> object:
        return judge(reader.parse(wire), facts=facts, policy=policy, now=country.now)

    def bare(wire: bytes) -> object:
        return reader.verify(reader.parse(wire), key)

    return judged, bare


def _presentation(country: Country, reader: Format, form: str) -> tuple[Callable[[bytes], object], Callable[[bytes], object]]:
    facts, policy = country.facts(), country.policy()
    issuer, holder = country.issuer_key(form).public, country.holder_key(form).public

    def judged(wire: bytes) -> object:
        shown = reader.parse_presentation(wire)
        (verdict,) = (judge(vc, facts=facts, policy=policy, now=country.now) for vc in shown.credentials)
        assert verdict.holder_key is not None
        reader.verify_presentation(shown, verdict.holder_key, nonce=NONCE, audience=AUDIENCE, now=country.now, skew=SKEW)
        return verdict

    def bare(wire: bytes) -> object:
        shown = reader.parse_presentation(wire)
        credential = reader.verify(shown.credentials[0], issuer)
        reader.verify_presentation(shown, holder, nonce=NONCE, audience=AUDIENCE, now=country.now, skew=SKEW)
        return credential

    return judged, bare


def status_cases(country: Country) -> Iterable[Case]:
    """Status lists: decoded, and asked for one entry."""
    for document, entries in (("list-131072", ENTRIES), ("list-10M", LARGE)):
        yield from _bitstring_cases(country, document, entries)
        yield _token_list_case(country, document, country.token_list(entries))
    for form, name in (("eddsa-rdfc-2022", "bitstring"), ("dc+sd-jwt", "token-status-list")):
        yield _standing_case(country, form, name)


def _bitstring_cases(country: Country, document: str, entries: int) -> Iterable[Case]:
    """The large list is longer than a credential may be here: of it only the expansion is measured."""
    reader, key, url = FORMATS["ldp_vc"], country.issuer_key("eddsa-rdfc-2022").public, country.list_url("revocation")
    credential = country.bitstring(entries)

    def expand(verified: Credential = credential) -> BitstringStatusList:
        return read_bitstring(verified, list_url=url, purpose="revocation")

    decoded = expand()
    octets = bytes(decoded.bits.octets)
    if entries == ENTRIES:
        wire = country.secured_list(credential)
        yield Case("status-decode", "bitstring", document, lambda: expand(reader.verify(reader.parse(wire), key)), bare=expand)
    else:
        yield Case("status-decode", "bitstring, expansion only", document, expand)
    yield Case("status-check", "bitstring", document, lambda: decoded.get(94), floor=lambda: octets[11] >> 6 & 1)


def _token_list_case(country: Country, document: str, token: bytes) -> Case:
    key, url, text = country.issuer_key("dc+sd-jwt").public, country.list_url("token"), token.decode()

    def decode() -> object:
        return verify_token_status_list(parse_token_status_list(text), key, list_url=url, issuer=country.site)

    return Case("status-decode", "token-status-list", document, decode)


def _standing_case(country: Country, form: str, name: str) -> Case:
    """The whole check of one card's status on facts that were gathered before: source, age, signer, period, the bit."""
    facts, policy = country.facts(), country.policy()
    vc = WRITERS[form].secure(country.credential(form, "id-card", 94), country.issuer_key(form), now=country.now)
    judged = judge(vc, facts=facts, policy=policy, now=country.now)
    (entry,) = judged.credential.status

    def check() -> None:
        judge_status(entry, issuer=judged.issuer, findings=Findings(), facts=facts, policy=policy, now=country.now)

    return Case("status-check", name, "judged", check)
