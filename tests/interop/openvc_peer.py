"""openvc-core on the other side, in an environment of its own: one JSON order on standard input, one answer on standard output."""

import json
import sys
from typing import Any

from openvc.keys import P256SigningKey, P384SigningKey  # type: ignore[import-not-found]
from openvc.proof.di_ecdsa_rdfc import EcdsaRdfcProofSuite  # type: ignore[import-not-found]
from openvc.proof.di_jcs import EcdsaJcsProofSuite  # type: ignore[import-not-found]

SUITES = {"ecdsa-rdfc-2019": EcdsaRdfcProofSuite, "ecdsa-jcs-2019": EcdsaJcsProofSuite}
KEYS = {"P-256": P256SigningKey, "P-384": P384SigningKey}


def answer(order: dict[str, Any]) -> Any:
    suite = SUITES[order["suite"]]()
    contexts = {"extra_contexts": order["contexts"]} if order["suite"] == "ecdsa-rdfc-2019" else {}
    if order["do"] == "issue":
        key = KEYS[order["key"]["crv"]].from_jwk(order["key"], order["kid"])
        return suite.add_proof(order["credential"], signing_key=key, verification_method=order["kid"], **contexts)
    try:
        suite.verify(order["credential"], public_key_jwk=order["key"], check_temporal=False, **contexts)
    except Exception as error:
        return type(error).__name__
    return "verified"


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
