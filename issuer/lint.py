"""Before anything is recorded or signed: would a verifier accept it? Tried with keys that are thrown away."""

from datetime import datetime

from credentials.formats import FORMATS
from issuer.configurations import CONFIGURATIONS
from issuer.issue import Draft, LintedDraft
from issuer.keys import Keyring, throw_away_keys
from issuer.office import Office
from issuer.permutation import LIST_SIZE, StatusPlace

_LAST_PLACE = StatusPlace(1, LIST_SIZE - 1)


def lint(draft: Draft, *, office: Office, keys: Keyring, now: datetime) -> LintedDraft:
    """The draft, once the verifier's own checks have passed on it, signed by the throw-away ``keys``.

    Raises whatever a verifier would refuse: data model, schema, terms, dates.
    """
    kind = CONFIGURATIONS[draft.configuration]
    secured = FORMATS[kind.format].secure(draft.placed(_LAST_PLACE, keys), keys.for_credentials(kind.algorithm), now=draft.issued_at)
    verified = FORMATS[kind.format].verify(FORMATS[kind.format].parse(secured.wire), keys.for_credentials(kind.algorithm).public)
    verified.valid_at(now, office.terms.skew)
    return LintedDraft(draft)


def lint_keys(office: Office) -> Keyring:
    """Keys under the office's own names, for lints alone."""
    return throw_away_keys(issuer=office.keys.issuer, public_url=office.keys.public_url)
