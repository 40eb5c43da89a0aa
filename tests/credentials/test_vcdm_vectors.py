"""The W3C's inputs for the data model 2.0: everything named -ok is accepted, everything named -fail refused.

The W3C's runner fills in the issuer of each document and has the implementation sign it; so does this page. The inline contexts
that some documents carry are pinned for these tests only, so that a refusal is for the fault meant and not for the context.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from credentials.credential import Credential
from credentials.data_integrity import add_proof, verify_proofs
from credentials.formats import FORMATS, LdpVc
from credentials.keys import PrivateKey
from credentials.keys.did_key import did_key
from credentials.model.rules import check_presentation
from doors.refusals import ContextNotAllowed, Refused
from tests.credentials.documents import AUDIENCE, HOLDER, ISSUER, NONCE, NOW
from tests.credentials.suite_contexts import VECTORS, formats, suite_contexts
from tests.shared import needs_shared

pytestmark = needs_shared
FOLDER = VECTORS / "w3c-vc-data-model-2.0"
CREDENTIALS = sorted([*FOLDER.rglob("credential-*.json"), *FOLDER.rglob("issuer-*.json")])
PRESENTATIONS = sorted(FOLDER.rglob("presentation-*.json"))
SELF_ASSERTED = "presentation-self-asserted"
INLINE_NEEDED = "credential-context-combo2-ok.json"


def read(path: Path) -> dict[str, Any]:
    day = timedelta(days=365)
    text = path.read_text().replace("PAST DATE", (NOW - day).isoformat()).replace("FUTURE DATE", (NOW + day).isoformat())
    return dict(json.loads(text))


def inline_contexts(document: dict[str, Any]) -> list[Any]:
    contexts = document.get("@context", [])
    return [context for context in contexts if isinstance(context, dict)] if isinstance(contexts, list) else []


def with_issuer(document: dict[str, Any], key: PrivateKey = ISSUER) -> dict[str, Any]:
    """``document`` with this issuer, unless the fault is in the issuer itself; an old proof of another kind is taken off."""
    issuer = document.get("issuer", did_key(key.public))
    if isinstance(issuer, dict) and "id" not in issuer:
        issuer = {**issuer, "id": did_key(key.public)}
    return {name: value for name, value in {**document, "issuer": issuer}.items() if name != "proof"}


def issue(document: dict[str, Any], form: LdpVc) -> Credential:
    credential = Credential.parse(with_issuer(document))
    return form.verify(form.secure(credential, ISSUER, now=NOW), ISSUER.public)


def forms(document: dict[str, Any]) -> list[LdpVc]:
    return formats(suite_contexts(*inline_contexts(document)))


@pytest.mark.parametrize("suite", [0, 1], ids=["rdfc", "jcs"])
@pytest.mark.parametrize("path", CREDENTIALS, ids=lambda path: path.stem)
def test_a_credential_is_accepted_or_refused_as_its_name_says(path: Path, suite: int) -> None:
    document = read(path)
    if path.stem.endswith("-ok"):
        assert issue(document, forms(document)[suite]).document == with_issuer(document)
    else:
        with pytest.raises(Refused):
            issue(document, forms(document)[suite])


def test_every_name_says_which() -> None:
    assert len(CREDENTIALS) + len(PRESENTATIONS) == len(list(FOLDER.rglob("*.json")))
    assert all(path.stem.endswith(("-ok", "-fail")) for path in CREDENTIALS)


def test_the_formats_in_use_refuse_a_context_written_into_a_document() -> None:
    with pytest.raises(ContextNotAllowed):
        FORMATS["ldp_vc"].secure(Credential.parse(with_issuer(read(FOLDER / INLINE_NEEDED))), ISSUER, now=NOW)


def present(document: dict[str, Any], form: LdpVc) -> None:
    """Sign each credential that is not enveloped, then the presentation, then read it all back."""
    inside = document.get("verifiableCredential", [])
    secured = [sign(credential, form) for credential in (inside if isinstance(inside, list) else [inside])]
    presentation = {**document, "verifiableCredential": secured} if secured else document
    check_presentation(presentation)
    verify_shown(presentation, form)


def sign(credential: dict[str, Any], form: LdpVc) -> Any:
    if "EnvelopedVerifiableCredential" in credential.get("type", "") or str(credential.get("id", "")).startswith("data:"):
        return credential
    vc = form.secure(Credential.parse({**credential, "issuer": did_key(ISSUER.public)}), ISSUER, now=NOW)
    return json.loads(vc.wire)


def verify_shown(presentation: dict[str, Any], form: LdpVc) -> None:
    also = {"challenge": NONCE, "domain": AUDIENCE}
    secured = add_proof(presentation, HOLDER, suite=form.cryptosuite, purpose="authentication", now=NOW, also=also)
    keys = {HOLDER.kid: HOLDER.public}
    assert verify_proofs(secured, keys, purpose="authentication", suites=form.cryptosuites) == presentation


@pytest.mark.parametrize("suite", [0, 1], ids=["rdfc", "jcs"])
@pytest.mark.parametrize("path", [path for path in PRESENTATIONS if not path.stem.startswith(SELF_ASSERTED)], ids=lambda path: path.stem)
def test_a_presentation_is_accepted_or_refused_as_its_name_says(path: Path, suite: int) -> None:
    document = read(path)
    if path.stem.endswith("-ok"):
        present(document, forms(document)[suite])
    else:
        with pytest.raises(Refused):
            present(document, forms(document)[suite])


@pytest.mark.parametrize("name", ["holder-mismatch", "no-holder", "ok"])
def test_the_self_asserted_presentations_say_what_their_names_say(name: str) -> None:
    """Their names state a fact and not a verdict, but for -ok: a self-asserted credential names the holder as its issuer."""
    path = FOLDER / f"{SELF_ASSERTED}-vc-{name}.json"
    document = read(path)
    (credential,) = check_presentation(document)
    assert (document.get("holder") == credential["issuer"]) == (name == "ok")
