"""The ID card as an SD-JWT VC: every claim can be shown on its own, and only by who holds the key."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import orjson

from credentials.credential import Credential
from credentials.jws import UnverifiedJws, parse_jws, sign_jws, verify_jws
from credentials.keys import PublicKey, SigningKey
from credentials.sd_jwt.compact import SdJwt, split_sd_jwt
from credentials.sd_jwt.concealing import Salts, conceal
from credentials.sd_jwt.digests import digest_named_by
from credentials.sd_jwt.key_binding import check_key_binding, sign_key_binding
from credentials.sd_jwt.processing import Processed, process
from credentials.sd_jwt.selecting import chosen_disclosures
from credentials.sd_jwt.vc_payload import disclosable_paths, from_processed, holder_key_of, status_of, to_payload, vcts_of
from credentials.wire import ClaimPath, VerifiableCredential, VerifiablePresentation
from doors.json import JsonObject, parse_object
from doors.refusals import HolderBindingInvalid, InputMalformed

NAME = "dc+sd-jwt"
TYPS = frozenset({NAME, "vc+sd-jwt"})
"""What ``typ`` may say on reading; ``vc+sd-jwt`` is the name of drafts before -06. Written is ``dc+sd-jwt`` alone."""


@dataclass(frozen=True, slots=True)
class DcSdJwt:
    """SD-JWT VC with key binding (RFC 9901; draft-ietf-oauth-sd-jwt-vc).

    ``salts`` is where randomness comes from; ``key_binding_age`` is how old a holder's proof may be.
    """

    name: str = NAME
    salts: Salts = secrets.token_bytes
    key_binding_age: timedelta = timedelta(minutes=10)

    def secure(self, credential: Credential, key: SigningKey, *, now: datetime) -> VerifiableCredential:
        """Sign ``credential`` with every claim about the subject selectively disclosable; raises ``DataModelMismatch``."""
        hidden = conceal(to_payload(credential, now=now), disclosable_paths(credential), salts=self.salts)
        jwt = sign_jws(orjson.dumps(hidden.payload), key, typ=NAME)
        return self.parse(str(SdJwt(jwt, hidden.disclosures)).encode("ascii"))

    def parse(self, wire: bytes) -> VerifiableCredential:
        """Read an SD-JWT VC as issued, without key binding (RFC 9901 §7.2); nothing is verified.

        Raises what ``parse_jws`` raises (``TypMismatch`` for any other token), ``InputMalformed``, ``InputTooLarge``,
        ``DataModelMismatch``, ``StatusIndexInvalid``.
        """
        read = _read_without_key_binding(wire)
        issuer = read.payload.get("iss", "")
        return VerifiableCredential(
            format=self.name,
            wire=wire,
            unverified_issuer=issuer if isinstance(issuer, str) else "",
            unverified_key_id=read.jws.kid,
            unverified_types=vcts_of(read.payload),
            unverified_status=status_of(read.payload),
        )

    def verify(self, vc: VerifiableCredential, key: PublicKey) -> Credential:
        """The credential with the claims disclosed, once signature and disclosures hold (RFC 9901 §7.1, SD-JWT VC §2.4).

        Raises ``SigInvalid``, ``AlgKeyMismatch``, ``DisclosureInvalid``, ``HashNotAllowed``, ``DataModelMismatch`` and what
        ``parse`` raises. Dates, status and trust are the caller's to judge.
        """
        read = _read_without_key_binding(vc.wire)
        verify_jws(read.jws, key)
        return from_processed(process(read.payload, read.parts.disclosures))

    def present(
        self, vc: VerifiableCredential, holder_key: SigningKey, *, nonce: str, audience: str, now: datetime
    ) -> VerifiablePresentation:
        """Show ``vc`` with all disclosures left in it, bound to one verifier and question (RFC 9901 §7.2).

        Raises ``HolderBindingInvalid`` where the credential is bound to another key or to none.
        """
        read = _read_without_key_binding(vc.wire)
        if holder_key_of(read.payload) != holder_key.public:
            raise HolderBindingInvalid("present: expected the key that the credential is bound to")
        digest = digest_named_by(read.payload)
        shown = sign_key_binding(read.parts, holder_key, nonce=nonce, audience=audience, now=now, digest=digest)
        return VerifiablePresentation(self.name, str(shown).encode("ascii"), (vc,), "", "")

    def parse_presentation(self, wire: bytes) -> VerifiablePresentation:
        """Read an SD-JWT+KB; raises as ``parse``. Whether a key binding is there, ``verify_presentation`` says."""
        credential = self.parse(split_sd_jwt(_signed_token_first(wire)).without_key_binding.encode("ascii"))
        return VerifiablePresentation(self.name, wire, (credential,), "", "")

    def verify_presentation(
        self, vp: VerifiablePresentation, holder_key: PublicKey, *, nonce: str, audience: str, now: datetime, skew: timedelta
    ) -> None:
        """Return if the holder of ``holder_key`` shows exactly ``vp.credentials``, to ``audience``, for ``nonce``, now.

        ``holder_key`` comes from the verified credential. Raises as ``check_key_binding`` (RFC 9901 §7.3).
        """
        read = _read(vp.wire)
        if [credential.wire for credential in vp.credentials] != [read.parts.without_key_binding.encode("ascii")]:
            raise HolderBindingInvalid("presentation: expected the credential that is shown and no other")
        check_key_binding(
            read.parts,
            holder_key,
            nonce=nonce,
            audience=audience,
            now=now,
            skew=skew,
            max_age=self.key_binding_age,
            digest=digest_named_by(read.payload),
        )

    def disclose(self, vc: VerifiableCredential, paths: frozenset[ClaimPath]) -> VerifiableCredential:
        """``vc`` with only the disclosures at ``paths`` and on the way to them.

        What can be kept back inside an object or array needs a path of its own. Raises ``ClaimMissing`` for a path that leads to no claim.
        """
        parts, processed = _processed(vc)
        chosen = chosen_disclosures(processed, paths)
        return self.parse(str(SdJwt(parts.jwt, tuple(text for text in parts.disclosures if text in chosen))).encode("ascii"))

    def disclosable(self, vc: VerifiableCredential) -> tuple[ClaimPath, ...]:
        """The claims that ``vc`` can show or keep, outer ones before those in them."""
        return tuple(placed.path for placed in _processed(vc)[1].placed)


@dataclass(frozen=True, slots=True)
class _Read:
    """A well-formed SD-JWT VC, nothing verified; ``payload`` is shared between readings and not to be changed."""

    jws: UnverifiedJws
    payload: JsonObject
    parts: SdJwt


def _read(wire: bytes) -> _Read:
    parts = split_sd_jwt(_signed_token_first(wire))
    jws, payload = _signed_token(parts.jwt)
    return _Read(jws, payload, parts)


def _read_without_key_binding(wire: bytes) -> _Read:
    read = _read(wire)
    if read.parts.key_binding:
        raise InputMalformed("SD-JWT: expected a credential without key binding (RFC 9901 §7.2)")
    return read


@lru_cache(maxsize=32)
def _signed_token(jwt: str) -> tuple[UnverifiedJws, JsonObject]:
    """Read once what parsing, verification and key binding of one showing all need; every signature is checked every time."""
    jws = parse_jws(jwt, typ=TYPS)
    return jws, parse_object(jws.payload)


def _signed_token_first(wire: bytes) -> bytes:
    """``wire``, unless it is a plain token of another type, which is told so rather than missed for its tilde."""
    if b"~" not in wire and wire.isascii():
        parse_jws(wire.decode("ascii"), typ=TYPS)
    return wire


def _processed(vc: VerifiableCredential) -> tuple[SdJwt, Processed]:
    """The disclosures in their places, for the holder, who verified the credential on receipt."""
    read = _read_without_key_binding(vc.wire)
    return read.parts, process(read.payload, read.parts.disclosures)
