"""The messages of the relying party's own programs: what may be asked, and what is answered."""

from typing import Any, Literal

from pydantic import Field

from runtime.web import Body

Verdict = Literal["valid", "invalid", "undecided"]


class SessionOrder(Body):
    """Ask somebody: by which policy, and whether they answer from another device or come back to this one."""

    policy: str = Field(max_length=128)
    flow: Literal["cross_device", "same_device"] = "cross_device"


class Links(Body):
    """Where to go on."""

    self: str
    events: str
    qr: str
    cancel: str
    case_file: str


class CheckModel(Body):
    """One check: its outcome, its code where it did not pass, and the age of what it rests on."""

    name: str
    outcome: Literal["passed", "failed", "undecided"]
    code: str
    detail: str
    age_seconds: int | None


class ExplanationModel(Body):
    """The verdict for people."""

    verdict: Verdict
    word: str
    sentence: str
    next_step: str
    checks: list[dict[str, str]]


class SessionModel(Body):
    """A session: ``status`` says whether it still takes an answer, ``verdict`` how the last answer was judged."""

    id: str
    policy: str
    flow: Literal["cross_device", "same_device"]
    status: Literal["waiting", "refused", "answered", "cancelled", "closed", "expired"]
    created_at: str
    expires_at: str
    answered_at: str | None
    attempts: int
    offline: bool
    request_uri: str
    wallet_link: str
    links: Links
    verdict: Verdict | None
    code: str | None
    checks: list[CheckModel]
    data_age_seconds: int | None
    explanations: dict[str, ExplanationModel] | None
    claims: dict[str, Any] | None
    receipt: dict[str, Any] | None


class VerifyOrder(Body):
    """A credential or presentation to judge at once. A presentation states the ``nonce`` and ``audience`` it must be made for;
    ``audience`` is this verifier where it is left out."""

    policy: str = Field(max_length=128)
    presentation: dict[str, Any] | str | None = None
    credential: dict[str, Any] | str | None = None
    nonce: str = Field(default="", max_length=512)
    audience: str = Field(default="", max_length=1024)


class VerdictModel(Body):
    """The verdict on what was handed over; a refusal is an answer here, too."""

    verdict: Verdict
    code: str
    checks: list[CheckModel]
    data_age_seconds: int
    explanations: dict[str, ExplanationModel]
    claims: dict[str, Any] | None


class AttributeModel(Body):
    """One attribute that a policy asks for, and why."""

    name: str
    why: dict[str, str]


class PolicyModel(Body):
    """A policy as its file states it."""

    id: str
    version: int
    sha256: str
    name: dict[str, str]
    purpose: dict[str, str]
    legal_basis: dict[str, str]
    retention_seconds: int
    retention: dict[str, str]
    attributes: list[AttributeModel]


class PolicyList(Body):
    """The policies that this verifier works by."""

    policies: list[PolicyModel]
