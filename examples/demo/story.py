"""The story in its order: which act, and whose roles it belongs to."""

from collections.abc import Callable
from dataclasses import dataclass

from examples.demo import ending, enrolment, showing
from examples.demo.enrolment import Scene
from examples.demo.telling import Step


@dataclass(frozen=True, slots=True)
class Act:
    """One step: its name in the catalogue, whose it is, and what is done and expected in it."""

    name: str
    roles: tuple[str, ...]
    play: Callable[[Scene, Step], None]


ISSUER, WALLET, HOTEL, COURT = "issuer", "wallet", "hotel", "court"
ROLES = (ISSUER, WALLET, HOTEL, COURT)

STORY = (
    Act("list", (ISSUER, HOTEL, COURT), enrolment.publish_list),
    Act("offices", ROLES, enrolment.open_offices),
    Act("wallet", (WALLET,), enrolment.open_wallet),
    Act("stranger", (ISSUER,), enrolment.refuse_stranger),
    Act("copy", (ISSUER,), enrolment.refuse_copy),
    Act("enrol", (ISSUER,), enrolment.enrol),
    Act("receive", (ISSUER, WALLET), enrolment.receive_cards),
    Act("hotel", (WALLET, HOTEL), showing.show_hotel),
    Act("court", (WALLET, COURT), showing.file_case),
    Act("case", (COURT,), showing.keep_case_file),
    Act("replay", (COURT,), showing.refuse_replay),
    Act("tampered", (COURT,), showing.refuse_tampered),
    Act("pack", (COURT,), ending.make_pack),
    Act("offline", (COURT,), ending.judge_offline),
    Act("revoke", (ISSUER,), ending.revoke),
    Act("revoked", (WALLET, HOTEL, COURT), ending.refuse_revoked),
    Act("back", (COURT,), ending.look_back),
    Act("log", (WALLET,), ending.read_log),
    Act("journal", (ISSUER, COURT), ending.check_journal),
)
