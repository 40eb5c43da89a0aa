"""The IETF status list: a few bits a credential, inside a signed token (draft-ietf-oauth-status-list-21)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson

from credentials.jws import UnverifiedJws, parse_jws, sign_jws, verify_jws
from credentials.keys import PublicKey, SigningKey
from credentials.status.bits import COMPRESSED_LIMIT, EXPANDED_LIMIT, WIDTHS, StatusBits, from_zlib, to_zlib
from doors import base64url
from doors.json import JsonLimits, JsonObject, JsonValue, parse_object
from doors.refusals import AlgKeyMismatch, InputMalformed, SigInvalid, StatusInvalid, StatusIssuerMismatch, StatusStale

TYP = "statuslist+jwt"
MEDIA_TYPE = "application/statuslist+jwt"
VALID, INVALID, SUSPENDED = 0, 1, 2
"""Status types (§7.1)."""
_LONGEST = COMPRESSED_LIMIT * 4 // 3 + 16 * 1024
_TOKEN_LIMITS = JsonLimits(size=_LONGEST, string=_LONGEST)


@dataclass(frozen=True, slots=True)
class UnverifiedTokenStatusList:
    """A well-formed status list token; the ``unverified_*`` members serve to find the key, nothing else."""

    jws: UnverifiedJws
    unverified_list_url: str
    unverified_issuer: str

    @property
    def unverified_key_id(self) -> str:
        return self.jws.kid


@dataclass(frozen=True, slots=True)
class TokenStatusList:
    """A status list whose signature has been verified; ``ttl`` is how long a copy may be kept, where the issuer says so."""

    list_url: str
    issuer: str
    issued_at: datetime
    expires_at: datetime | None
    ttl: timedelta | None
    bits: StatusBits

    def get(self, index: int) -> int:
        """The status at ``index``: 0 valid, 1 invalid, 2 suspended; raises ``StatusIndexInvalid`` outside the list (§8.3 step 6)."""
        return self.bits.get(index)

    def fresh_at(self, now: datetime, skew: timedelta) -> None:
        """Return unless the list is past ``exp`` or from the future; raise ``StatusStale`` (§8.3 step 4)."""
        if now - self.issued_at < -skew or (self.expires_at is not None and now - self.expires_at >= skew):
            raise StatusStale("status list: expected one that is issued already and not past its exp")


def token_status_list(
    list_url: str, bits: StatusBits, key: SigningKey, *, issuer: str, now: datetime, expires_at: datetime, ttl: timedelta
) -> str:
    """A signed status list token (§5.1), ZLIB at the highest level; ``issuer`` goes into ``iss``."""
    payload = {
        "iss": issuer,
        "sub": list_url,
        "iat": int(now.timestamp()),
        "exp": int(expires_at.timestamp()),
        "ttl": int(ttl.total_seconds()),
        "status_list": status_list_object(bits),
    }
    return sign_jws(orjson.dumps(payload), key, typ=TYP)


def status_list_object(bits: StatusBits) -> JsonObject:
    """The ``status_list`` member (§4.2)."""
    return {"bits": bits.width, "lst": base64url.encode(to_zlib(bits.octets))}


def parse_token_status_list(text: str) -> UnverifiedTokenStatusList:
    """Read a status list token; raises what ``parse_jws`` and ``parse_object`` raise. Nothing is expanded or trusted yet."""
    jws = parse_jws(text, typ=TYP, limit=2 * _LONGEST)
    claims = parse_object(jws.payload, _TOKEN_LIMITS)
    return UnverifiedTokenStatusList(jws, _text(claims, "sub"), _text(claims, "iss"))


def verify_token_status_list(
    token: UnverifiedTokenStatusList, key: PublicKey, *, list_url: str, issuer: str, limit: int = EXPANDED_LIMIT
) -> TokenStatusList:
    """The list, signed by exactly ``key`` for ``list_url`` (§8.3); expands to at most ``limit`` bytes.

    ``issuer`` is whose status list it must be; a token without ``iss`` is ``key``'s owner's.
    Raises ``StatusInvalid`` (signature, address, shape), ``StatusIssuerMismatch`` and ``InputTooLarge``.
    """
    claims = _signed_claims(token.jws, key)
    if claims.get("sub") != list_url:
        raise StatusInvalid("status list: expected sub to be the address that the credential names")
    if claims.get("iss", issuer) != issuer:
        raise StatusIssuerMismatch("status list: expected it from the credential's issuer")
    return TokenStatusList(
        list_url=list_url,
        issuer=issuer,
        issued_at=_moment(claims["iat"]) if "iat" in claims else _refuse("iat"),
        expires_at=_moment(claims["exp"]) if "exp" in claims else None,
        ttl=_duration(claims["ttl"]) if "ttl" in claims else None,
        bits=read_status_list(claims.get("status_list"), limit=limit),
    )


def read_status_list(status_list: JsonValue, *, limit: int = EXPANDED_LIMIT) -> StatusBits:
    """The bits in a ``status_list`` member (§4.2); raises ``StatusInvalid`` and ``InputTooLarge``."""
    width, encoded = (status_list.get("bits"), status_list.get("lst")) if isinstance(status_list, dict) else (None, None)
    if isinstance(width, bool) or not isinstance(width, int) or width not in WIDTHS or not isinstance(encoded, str):
        raise StatusInvalid("status list: expected bits of 1, 2, 4 or 8 and lst as text")
    try:
        return StatusBits(from_zlib(base64url.decode(encoded), limit=limit), width)
    except InputMalformed as error:
        raise StatusInvalid("status list: expected lst as base64url") from error


def _signed_claims(jws: UnverifiedJws, key: PublicKey) -> JsonObject:
    try:
        return parse_object(verify_jws(jws, key), _TOKEN_LIMITS)
    except (SigInvalid, AlgKeyMismatch) as error:
        raise StatusInvalid("status list: expected a signature by its issuer's key") from error


def _text(claims: JsonObject, name: str) -> str:
    value = claims.get(name, "")
    return value if isinstance(value, str) else ""


def _refuse(name: str) -> datetime:
    raise StatusInvalid(f"status list: expected {name}, got none")


def _moment(seconds: JsonValue) -> datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise StatusInvalid("status list: expected iat and exp as numbers of seconds")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise StatusInvalid("status list: expected iat and exp as moments that exist") from None


def _duration(seconds: JsonValue) -> timedelta:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 10**9:
        raise StatusInvalid("status list: expected ttl as a positive number of seconds")
    return timedelta(seconds=seconds)
