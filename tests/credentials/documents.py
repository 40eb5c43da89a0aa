"""One issuer, one holder and one W3C credential between them, for the tests of documents with their proof inside."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from credentials.credential import Credential
from credentials.cryptosuites import CRYPTOSUITES
from credentials.formats import LdpVc
from credentials.keys import PrivateKey, generate_key
from credentials.keys.did_key import did_key, did_key_method
from credentials.model.rules import CREDENTIALS_V2
from credentials.wire import VerifiableCredential, VerifiablePresentation

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SKEW = timedelta(seconds=60)
NONCE, AUDIENCE = "n-8NnzGIlFVmSzqUzDbvpw", "did:web:court.example"
ID_CARD = "https://tigertally.example/contexts/id-card/v1"
FORMAT = LdpVc()


def self_named(algorithm: str = "EdDSA") -> PrivateKey:
    """A new key that is named by its own did:key."""
    key = generate_key(algorithm)
    return key.named(did_key_method(key.public))


ISSUER, HOLDER, MALLORY = self_named(), self_named(), self_named()


@dataclass(frozen=True)
class Desk:
    """An issuer with its one cryptosuite and a key that it is for."""

    form: LdpVc
    key: PrivateKey

    def document(self, **changes: Any) -> dict[str, Any]:
        return document(**{"issuer": did_key(self.key.public), **changes})

    def issued(self, **changes: Any) -> VerifiableCredential:
        return issued(self.key, self.form, **{"issuer": did_key(self.key.public), **changes})

    def __str__(self) -> str:
        return f"{self.form.cryptosuite.name}-{self.key.algorithm}"


DESKS = [
    Desk(LdpVc(cryptosuite=suite), ISSUER if algorithm == "EdDSA" else self_named(algorithm))
    for suite in CRYPTOSUITES.values()
    for algorithm in sorted(suite.algorithms)
]


def document(**changes: Any) -> dict[str, Any]:
    """A small ID card; a change to ``None`` takes a member away."""
    members = {
        "@context": [CREDENTIALS_V2, ID_CARD],
        "type": ["VerifiableCredential", "IdCardCredential"],
        "issuer": did_key(ISSUER.public),
        "validFrom": "2026-11-21T09:00:00Z",
        "validUntil": "2027-11-21T09:00:00Z",
        "credentialSubject": {"id": did_key(HOLDER.public), **claims()},
        **changes,
    }
    return {name: value for name, value in members.items() if value is not None}


def claims() -> dict[str, Any]:
    return {"family_name": "李", "given_name": "明", "birth_date": "1990-05-17", "age_over_18": True, "sex": 2}


def subject(**claims: Any) -> dict[str, Any]:
    """The document of a holder about whom only ``claims`` are said."""
    return document(credentialSubject={"id": did_key(HOLDER.public), **claims})


def issued(key: PrivateKey = ISSUER, form: LdpVc = FORMAT, **changes: Any) -> VerifiableCredential:
    return form.secure(Credential.parse(document(**changes)), key, now=NOW)


def shown(*credentials: VerifiableCredential, key: PrivateKey = HOLDER) -> VerifiablePresentation:
    return FORMAT.present_all(credentials or (issued(),), key, nonce=NONCE, audience=AUDIENCE, now=NOW)


def check(vp: VerifiablePresentation, key: PrivateKey = HOLDER) -> None:
    FORMAT.verify_presentation(vp, key.public, nonce=NONCE, audience=AUDIENCE, now=NOW, skew=SKEW)


def edited(wire: bytes, change: Callable[[dict[str, Any]], Any]) -> bytes:
    """``wire`` after somebody has changed it."""
    secured = copy.deepcopy(json.loads(wire))
    change(secured)
    return json.dumps(secured).encode()


def pasted(wire: bytes) -> VerifiableCredential:
    """``wire`` as a credential that nobody has read at the door, to see that verification does not rest on the door."""
    return VerifiableCredential("ldp_vc", wire, "", "", (), ())
