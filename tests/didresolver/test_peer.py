"""did:peer of numalgo 2 and 4: the examples of the specification, and DIDs that are none."""

import json

import pytest

from credentials.keys import generate_key
from didresolver import CachingResolver, expand_self_certifying
from didresolver.methods.peer import expand, make_peer_did
from doors import base64url
from doors.refusals import DidInvalid, DidNotFound, DidOptionUnsupported
from tests.didresolver.worlds import MORNING, Answers, HandClock

V = "z6Mkj3PUd1WjvaDhNZhhhXQdz5UnZXmS7ehtx8bsPpD47kKc"
E = "z6LSg8zQom395jKLrGiBNruB9MM6V8PWuf2FpEy4uRFiqQBR"
SERVICES = (
    "SeyJ0IjoiZG0iLCJzIjp7InVyaSI6Imh0dHA6Ly9leGFtcGxlLmNvbS9kaWRjb21tIiwiYSI6WyJkaWRjb21tL3YyIl0sInIiOlsiZGlkOmV4YW1wbGU6MTIzNDU2Nzg5YWJjZGVmZ2hpI2tleS0xIl19fQ",
    "SeyJ0IjoiZG0iLCJzIjp7InVyaSI6Imh0dHA6Ly9leGFtcGxlLmNvbS9hbm90aGVyIiwiYSI6WyJkaWRjb21tL3YyIl0sInIiOlsiZGlkOmV4YW1wbGU6MTIzNDU2Nzg5YWJjZGVmZ2hpI2tleS0yIl19fQ",
)
TWO = f"did:peer:2.V{V}.E{E}.{SERVICES[0]}.{SERVICES[1]}"
FOUR = (
    "did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd:z2M1k7h4psgp4CmJcnQn2Ljp7Pz7ktsd7oBhMU3dWY5s4fhFNj17qcRTQ427C7QHNT6cQ7T3"
    "XfRh35Q2GhaNFZmWHVFq4vL7F8nm36PA9Y96DvdrUiRUaiCuXnBFrn1o7mxFZAx14JL4t8vUWpuDPwQuddVo1T8myRiVH7wdxuoYbsva5x6idEpCQydJdFjiHGCpNc2UtjzP"
    "Q8awSXkctGCnBmgkhrj5gto3D4i3EREXYq4Z8r2cWGBr2UzbSmnxW2BuYddFo9Yfm6mKjtJyLpF74ytqrF5xtf84MnGFg1hMBmh1xVx1JwjZ2BeMJs7mNS8DTZhKC7KH38Eg"
    "qDtUZzfjhpjmmUfkXg2KFEA3EGbbVm1DPqQXayPYKAsYPS9AyKkcQ3fzWafLPP93UfNhtUPL8JW5pMcSV3P8v6j3vPXqnnGknNyBprD6YGUVtgLiAqDBDUF3LSxFQJCVYYtg"
    "hMTv8WuSw9h1a1SRFrDQLGHE4UrkgoRvwaGWr64aM87T1eVGkP5Dt4L1AbboeK2ceLArPScrdYGTpi3BpTkLwZCdjdiFSfTy9okL1YNRARqUf2wm8DvkVGUU7u5nQA3ZMaXW"
    "JAewk6k1YUxKd7LvofGUK4YEDtoxN5vb6r1Q2godrGqaPkjfL3RoYPpDYymf9XhcgG8Kx3DZaA6cyTs24t45KxYAfeCw4wqUpCH9HbpD78TbEUr9PPAsJgXBvBj2VVsxnr7F"
    "KbK4KykGcg1W8M1JPz21Z4Y72LWgGQCmixovrkHktcTX1uNHjAvKBqVD5C7XmVfHgXCHj7djCh3vzLNuVLtEED8J1hhqsB1oCBGiuh3xXr7fZ9wUjJCQ1HYHqxLJKdYKtoCi"
    "PmgKM7etVftXkmTFETZmpM19aRyih3bao76LdpQtbw636r7a3qt8v4WfxsXJetSL8c7t24SqQBcAY89FBsbEnFNrQCMK3JEseKHVaU388ctvRD45uQfe5GndFxthj4iSDomk"
    "4uRFd1uRbywoP1tRuabHTDX42UxPjz"
)


def test_the_specifications_example_of_numalgo_2() -> None:
    document = expand(TWO)

    assert document["authentication"] == ["#key-1"]
    assert document["keyAgreement"] == ["#key-2"]
    assert [method["publicKeyMultibase"] for method in document["verificationMethod"]] == [V, E]
    assert document["service"] == [
        {
            "type": "DIDCommMessaging",
            "id": name,
            "serviceEndpoint": {"uri": uri, "accept": ["didcomm/v2"], "routingKeys": [f"did:example:123456789abcdefghi#key-{number}"]},
        }
        for number, (name, uri) in enumerate(
            [("#service", "http://example.com/didcomm"), ("#service-1", "http://example.com/another")], start=1
        )
    ]
    assert expand_self_certifying(TWO).key("#key-1", purpose="authentication").multikey() == V


def test_the_specifications_example_of_numalgo_4() -> None:
    document = expand(FOUR)

    assert document["id"] == FOUR
    assert document["alsoKnownAs"] == ["did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd"]
    assert {method["controller"] for method in document["verificationMethod"]} == {FOUR}
    assert document["assertionMethod"] == ["#6MkrCD1c"]
    key = expand_self_certifying(FOUR).key("#6MkrCD1c", purpose="assertionMethod")
    assert key.multikey() == "z6MkrCD1csqtgdj8sjrsu8jxcbeyP6m7LiK87NzhfWqio5yr"


def service(value: object) -> str:
    return "S" + base64url.encode(json.dumps(value).encode())


@pytest.mark.parametrize(
    "did",
    [
        "did:peer:",
        "did:peer:0z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH",
        "did:peer:1zQmZMygzYqNwU6Uhmewx5Xepf2VLp5S4HLSwwgf2aiKZuwa",
        "did:peer:3zQmd6RdU6e2nDrLn1rjwdA5Buzq7wJwsv3WJ1AgrwKYJoLE",
        "did:peer:2",
        "did:peer:2.",
        f"did:peer:2V{V}",
        f"did:peer:2.X{V}",
        f"did:peer:2.v{V}",
        f"did:peer:2.V{V[1:]}",
        f"did:peer:2.V{V}0",
        f"did:peer:2.V{V}.",
        f"did:peer:2.V{V}.S",
        f"did:peer:2.V{V}.S=",
        f"did:peer:2.V{V}.{service([1])}",
        f"did:peer:2.V{V}.{service({'t': 'dm', 'type': 'dm'})}",
        FOUR[:-1],
        FOUR.replace("zQmd8", "zQmd9"),
        FOUR + ":z1",
    ],
)
def test_a_did_peer_that_is_none_is_refused(did: str) -> None:
    with pytest.raises(DidInvalid):
        expand_self_certifying(did)


def test_the_short_form_alone_says_nothing() -> None:
    with pytest.raises(DidNotFound):
        expand(FOUR.rpartition(":")[0])


def peer_document(**members: object) -> dict[str, object]:
    multikey = generate_key("EdDSA").public.multikey()
    return {"verificationMethod": [{"id": "#k", "type": "Multikey", "publicKeyMultibase": multikey}], "authentication": ["#k"], **members}


def test_a_did_that_was_made_here_is_read_back() -> None:
    did = make_peer_did(peer_document(alsoKnownAs=["https://me.example"]))

    document = expand_self_certifying(did)

    assert document.methods[f"{did}#k"].controller == did
    assert document.document["alsoKnownAs"][0] == "https://me.example"


@pytest.mark.parametrize(
    "document",
    [
        peer_document(id="did:peer:4z"),
        peer_document(authentication=["did:web:mallory.example#k"]),
        peer_document(verificationMethod=[{"id": "did:web:mallory.example#k", "type": "Multikey"}]),
        peer_document(verificationMethod={}),
        peer_document(alsoKnownAs="x"),
        peer_document(service=["x" * 3000]),
    ],
)
def test_a_document_that_could_not_be_read_back_makes_no_did(document: dict[str, object]) -> None:
    with pytest.raises(DidInvalid):
        make_peer_did(document)


async def test_a_did_peer_is_the_same_at_every_time_and_has_no_versions() -> None:
    web = Answers({})
    resolver = CachingResolver(web, HandClock())

    assert (await resolver.resolve(TWO, version_time=MORNING)).document.id == TWO
    with pytest.raises(DidOptionUnsupported):
        await resolver.resolve(TWO, version_number=1)
    assert web.asked == []
