"""Check a credential or presentation that somebody hands over, without a session: the caller says which question it must answer."""

from datetime import datetime

from doors.refusals import HolderBindingMissing
from verifier.gathering import FactsSource
from verifier.opening import Shown, ShownCredential
from verifier.policy import Policy
from verifier.query import question_of
from verifier.verify import VerifiedCopy, VerifiedPresentation, verify, verify_credential


async def verify_shown(
    shown: Shown, *, policy: Policy, source: FactsSource, nonce: str, audience: str, now: datetime
) -> VerifiedPresentation | VerifiedCopy:
    """Gather the facts and judge. A presentation must be made for ``nonce`` and ``audience`` (a client identifier with its prefix);
    for a credential on its own both are to be empty, and nothing is said about who carries it.

    Raises ``Rejected``; ``HolderBindingMissing`` where a nonce is stated and only a credential is shown, or none for a presentation.
    """
    if isinstance(shown, ShownCredential):
        if nonce or audience:
            raise HolderBindingMissing("expected a presentation made for the stated nonce and audience, got a credential on its own")
        facts = await source.facts([shown.credential], policy=policy.trust, now=now)
        return verify_credential(shown.credential, facts=facts, policy=policy, now=now)
    if not nonce or not audience:
        raise HolderBindingMissing("expected the nonce and audience that the presentation must be made for, got none to hold it against")
    question = question_of(policy, nonce=nonce, audience=audience)
    credentials = [vc for several in shown.presentations.values() for each in several for vc in each.credentials]
    facts = await source.facts(credentials, policy=policy.trust, now=now)
    return verify(shown.presentations, request=question, facts=facts, policy=policy, now=now)
