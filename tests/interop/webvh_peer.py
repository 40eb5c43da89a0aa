"""did-webvh on the other side, in an environment of its own: one JSON order on standard input, one answer on standard output."""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from aries_askar import Key  # type: ignore[import-not-found]
from did_webvh.askar import AskarSigningKey  # type: ignore[import-not-found]
from did_webvh.core.resolver import DidResolver, LocalHistoryResolver  # type: ignore[import-not-found]
from did_webvh.core.state import DocumentState  # type: ignore[import-not-found]
from did_webvh.verify import WebvhVerifier  # type: ignore[import-not-found]


async def read(order: dict[str, Any]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        log, witnesses = Path(folder, "did.jsonl"), Path(folder, "did-witness.json")
        log.write_text(order["log"])
        witnesses.write_text(order["witness_file"])
        source = LocalHistoryResolver(log, witnesses)
        return (await DidResolver(WebvhVerifier()).resolve(order["did"], source, **order["wish"])).serialize()


async def make(order: dict[str, Any]) -> Any:
    """Each key commits to the next one and hands over to it."""
    keys = [AskarSigningKey(Key.from_jwk(jwk)) for jwk in order["keys"]]
    document = {"@context": ["https://www.w3.org/ns/did/v1"], "id": f"did:webvh:{{SCID}}:{order['place']}"}
    blank = DocumentState.initial({"updateKeys": [keys[0].multikey]}, document)
    params = {"updateKeys": [keys[0].multikey], "nextKeyHashes": [blank.generate_next_key_hash(keys[1].multikey)], "portable": True}
    first = DocumentState.initial(params, document, order["times"][0])
    first.proofs.append(first.create_proof(keys[0], timestamp=first.timestamp))
    changed = {**first.document, "alsoKnownAs": ["did:web:peer.example"]}
    second = first.create_next(changed, params_update={"updateKeys": [keys[1].multikey], "nextKeyHashes": []}, timestamp=order["times"][1])
    second.proofs.append(second.create_proof(keys[1], timestamp=second.timestamp))
    return {"did": first.document_id, "log": f"{first.history_json()}\n{second.history_json()}\n"}


if __name__ == "__main__":
    told = json.load(sys.stdin)
    json.dump(asyncio.run({"read": read, "make": make}[told["do"]](told)), sys.stdout)
