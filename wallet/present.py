"""Show what the holder agreed to show, and nothing else: the chosen cards, cut to the chosen attributes, bound to who asks."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from credentials.formats import FORMATS, SelectiveDisclosure
from doors.refusals import AnswerRejected, FetchTimeout, Refused
from openid4vc.vp.dcql import Candidate
from openid4vc.vp.response import error_body, read_redirect_answer, response_body
from wallet.asked import Asked
from wallet.history import Entry, line
from wallet.holding import Holding
from wallet.match import Consent, candidates, chosen, shown_names
from wallet.reach import Reach, answer_of
from wallet.store import WalletStore

UNANSWERED = FetchTimeout.code
"""What the log says of an answer between sending it and hearing of it; it stays so where the wallet is killed in between."""


@dataclass(frozen=True, slots=True)
class Presented:
    """What was sent, by names; ``redirect_uri`` is where the browser shall go now, "" for nowhere."""

    attributes: tuple[str, ...]
    redirect_uri: str


async def present(asked: Asked, consent: Consent, holdings: Sequence[Holding], *, store: WalletStore, reach: Reach) -> Presented:
    """Answer the request with the holder's consent; the answer is encrypted where the verifier demands it.

    Raises ``QueryNotSatisfied`` where what the holder leaves does not answer the query and ``ApprovalRequired`` where the portrait lacks
    its consent (then nothing is sent), ``AnswerRejected`` where the verifier says no, and what ``Fetch`` raises. The log has its line
    before anything is sent, and the outcome when it is known.
    """
    found = candidates(asked.request.query, holdings, refused=consent.refused, now=reach.clock(), skew=reach.policy.skew)
    picked = chosen(found, consent)
    by_id = {holding.id: holding for holding in holdings}
    presentations = {query_id: (_presentation(asked, option, by_id, reach),) for query_id, option in picked.items()}
    shown = Entry(reach.clock(), "presented", asked.party.client_id, asked.party.name, shown_names(picked.values()), UNANSWERED)
    kind, name, unanswered = line(shown, random=reach.random)
    store.change(put=((kind, name, unanswered),))
    reach.crash("wallet.present.ready")
    try:
        redirect_uri = await _send(asked, response_body(presentations, request=asked.request), reach)
    except Refused as refusal:
        store.change(put=((kind, name, replace(shown, outcome=refusal.code).to_json()),))
        raise
    reach.crash("wallet.present.sent")
    store.change(put=((kind, name, replace(shown, outcome="").to_json()),))
    return Presented(shown.attributes, redirect_uri)


async def decline(asked: Asked, *, store: WalletStore, reach: Reach) -> None:
    """Say no: the verifier learns that the holder refused, and nothing about what the wallet holds (RPA_11)."""
    entry = Entry(reach.clock(), "declined", asked.party.client_id, asked.party.name, (), "")
    store.change(put=(line(entry, random=reach.random),))
    with suppress(AnswerRejected):  # there is nothing in a refusal that the verifier could accept or not
        await _send(asked, error_body("access_denied", request=asked.request), reach)


def _presentation(asked: Asked, option: Candidate, by_id: Mapping[str, Holding], reach: Reach) -> bytes:
    """One card, cut to what was chosen and signed with its own key over the verifier's nonce and name."""
    holding = by_id[option.credential.id]
    form, vc = FORMATS[holding.format], holding.wired()
    if isinstance(form, SelectiveDisclosure):
        vc = form.disclose(vc, option.disclose)
    request = asked.request
    return form.present(vc, holding.key(), nonce=request.nonce, audience=request.client_id.text, now=reach.clock()).wire


async def _send(asked: Asked, body: bytes, reach: Reach) -> str:
    """Where to go next; what stops the answer on its way is raised as it is, what the verifier says against it as ``AnswerRejected``."""
    fetched = await reach.send_form(asked.request.destination, body)
    try:
        return read_redirect_answer(answer_of(fetched))
    except Refused as refusal:
        raise AnswerRejected(f"verifier: expected the answer to be accepted, got {refusal.code}") from refusal
