"""did:webvh 1.0: the DID's whole history lies on a web server, and proves itself (didwebvh specification, "Read (Resolve)")."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import orjson

from credentials.did_document import DidDocument
from didresolver.methods.ports import Read, Surroundings, Wanted
from didresolver.methods.web import folder_url
from didresolver.methods.webvh_history import LARGEST_LOG, History, LogVersion, read_history, split_did
from didresolver.methods.webvh_witness import LARGEST_FILE, needs_witnesses, witnessed
from doors.json import JsonObject, JsonValue
from doors.refusals import DidDeactivated, DidLogInvalid, DidNotFound, FetchFailed


class Webvh:
    """The method did:webvh. It keeps its history, so it answers for any time since the DID was made."""

    lasting = False

    async def read(self, did: str, surroundings: Surroundings, *, wanted: Wanted) -> Read:
        """The wanted version of the document, as the verified history has it.

        Raises ``DidInvalid``, ``UrlBlocked``, ``DidNotFound``, ``DidDeactivated``, ``DidLogInvalid`` and its kinds,
        ``DidDocumentInvalid``, ``KeyNotAllowed``, and what the fetch raises.
        """
        folder = _folder(did, development=surroundings.development)
        log = await _fetched(surroundings, f"{folder}/did.jsonl", LARGEST_LOG)
        # A long history takes a fifth of a second of computing, for which nobody else should wait.
        history = await asyncio.to_thread(read_history, log, now=surroundings.clock())
        if did not in history.names:
            raise DidLogInvalid("did:webvh: expected the history of the DID that was asked for, got another's")
        if needs_witnesses(history):
            file = await _witness_file(surroundings, folder)
            history = await asyncio.to_thread(witnessed, history, file, now=surroundings.clock())
        return read_version(history, wanted)


def read_version(history: History, wanted: Wanted) -> Read:
    """The wanted version of a verified history.

    A version stays good when a later entry fails, but nothing is said about a time for which a failed entry might speak.
    Raises ``DidNotFound``, ``DidDeactivated``, ``DidLogInvalid`` and its kinds, ``DidDocumentInvalid`` and ``KeyNotAllowed``.
    """
    version = _chosen(history, wanted)
    if version.parameters.deactivated:
        raise DidDeactivated("did:webvh: the history says that the DID is deactivated")
    document = _document(version.state)
    keep_for = timedelta(seconds=history.newest.parameters.ttl)
    return Read(document, orjson.dumps(version.state), metadata_of(history, version), keep_for)


def metadata_of(history: History, version: LogVersion) -> JsonObject:
    """The DID document metadata, whose numbers are texts (Read, after step 11)."""
    newest = history.newest.parameters
    witness = {**newest.witness.to_json(), "threshold": str(newest.witness.threshold)} if newest.witness else {}
    return {
        "versionId": version.id,
        "versionTime": version.written_time,
        "created": history.versions[0].written_time,
        "updated": history.newest.written_time,
        "scid": newest.scid,
        "portable": newest.portable,
        "deactivated": newest.deactivated,
        "ttl": str(newest.ttl),
        "witness": witness,
        "watchers": list(newest.watchers),
    }


def _folder(did: str, *, development: bool) -> str:
    return folder_url(split_did(did)[1], development=development)


def _chosen(history: History, wanted: Wanted) -> LogVersion:
    newest = history.newest
    if wanted.time is None:
        fitting = [version for version in history.versions if _is_wanted(version, wanted)]
        if wanted.is_newest or not fitting:
            _refuse_fault(history)
    else:
        at_the_time = [version for version in history.versions if version.time <= wanted.time]
        if at_the_time and at_the_time[-1] == newest:
            _refuse_fault(history)
        fitting = [version for version in at_the_time[-1:] if _is_wanted(version, wanted)]
    if not fitting:
        raise DidNotFound("did:webvh: expected a version that the history has, at a time since the DID was made")
    return fitting[-1]


def _is_wanted(version: LogVersion, wanted: Wanted) -> bool:
    return wanted.id in (None, version.id) and wanted.number in (None, version.number)


def _refuse_fault(history: History) -> None:
    if history.fault is not None:
        raise history.fault


def _document(state: JsonObject) -> DidDocument:
    """The document with its keys; a method that names no controller is data, but no key of anybody (CID 1.0 §2.2)."""
    listed = state.get("verificationMethod")
    usable = (
        {**state, "verificationMethod": [method for method in listed if _names_controller(method)]} if isinstance(listed, list) else state
    )
    return replace(DidDocument.parse(usable, did=state["id"]), document=state)


def _names_controller(method: JsonValue) -> bool:
    return not isinstance(method, dict) or "controller" in method


async def _fetched(surroundings: Surroundings, url: str, largest: int) -> bytes:
    fetched = await surroundings.fetch(url, max_bytes=largest, accept="text/jsonl, application/json")
    if fetched.status in {404, 410}:
        raise DidNotFound("did:webvh: the server has no history for this DID")
    if fetched.status != 200:
        raise FetchFailed(f"did:webvh: expected the history with status 200, got {fetched.status}")
    return fetched.content


async def _witness_file(surroundings: Surroundings, folder: str) -> bytes:
    """The witnesses' proofs; where there is no such file nobody has witnessed anything."""
    try:
        return await _fetched(surroundings, f"{folder}/did-witness.json", LARGEST_FILE)
    except DidNotFound:
        return b"[]"
