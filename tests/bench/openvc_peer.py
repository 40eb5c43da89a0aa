"""openvc-core on the other side, in an environment of its own: one JSON order on standard input, its pace on standard output."""

import json
import sys
import time
from collections.abc import Callable
from itertools import cycle
from typing import Any

from openvc.keys import Ed25519SigningKey, P256SigningKey  # type: ignore[import-not-found]
from openvc.proof.data_integrity import DataIntegrityProofSuite  # type: ignore[import-not-found]
from openvc.proof.di_jcs import EddsaJcsProofSuite  # type: ignore[import-not-found]
from openvc.proof.sd_jwt import SdJwtVcProofSuite  # type: ignore[import-not-found]

Act = Callable[[Any], object]


def data_integrity(order: dict[str, Any]) -> dict[str, Act]:
    rdfc = order["format"] == "eddsa-rdfc-2022"
    suite = DataIntegrityProofSuite() if rdfc else EddsaJcsProofSuite()
    contexts = {"extra_contexts": order["contexts"]} if rdfc else {}
    key = Ed25519SigningKey.from_jwk(order["issuer_private"], order["issuer_kid"])

    def verify(card: Any) -> object:
        return suite.verify(card, public_key_jwk=order["issuer_public"], **contexts)

    def verify_presentation(shown: Any) -> object:
        asked = {"expected_challenge": order["nonce"], "expected_domain": order["audience"]}
        suite.verify(shown, public_key_jwk=order["holder_public"], expected_proof_purpose="authentication", **asked, **contexts)
        return verify(shown["verifiableCredential"][0])

    def issue(credential: Any) -> object:
        return suite.add_proof(credential, signing_key=key, verification_method=order["issuer_kid"], **contexts)

    return {"verify": verify, "verify-presentation": verify_presentation, "issue": issue}


def sd_jwt(order: dict[str, Any]) -> dict[str, Act]:
    suite, vct = SdJwtVcProofSuite(), order["vct"]
    key = P256SigningKey.from_jwk(order["issuer_private"], order["issuer_kid"])
    asked = {"audience": order["audience"], "nonce": order["nonce"], "require_key_binding": True}

    def verify(token: Any) -> object:
        return suite.verify(token, public_key_jwk=order["issuer_public"], expected_vct=vct)

    def verify_presentation(token: Any) -> object:
        return suite.verify(token, public_key_jwk=order["issuer_public"], expected_vct=vct, **asked)

    def issue(payload: Any) -> object:
        claims, disclosable = payload
        return suite.issue(claims, signing_key=key, disclosable=disclosable, holder_jwk=order["holder_public"], vct=vct)

    return {"verify": verify, "verify-presentation": verify_presentation, "issue": issue}


def per_second(act: Act, pool: list[Any], seconds: float) -> float:
    turn = cycle(pool)
    act(next(turn))
    done, start = 0, time.process_time()
    while (spent := time.process_time() - start) < seconds:
        act(next(turn))
        done += 1
    return done / spent


def main() -> None:
    order = json.load(sys.stdin)
    acts = sd_jwt(order) if order["format"] == "dc+sd-jwt" else data_integrity(order)
    figures = {name: per_second(acts[name], pool, order["seconds"]) for name, pool in order["pools"].items()}
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
