"""An SD-JWT as it travels: a signed token, its disclosures and perhaps the holder's proof, with tildes between."""

from dataclasses import dataclass

from doors.refusals import InputMalformed, InputTooLarge

LONGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class SdJwt:
    """The parts of ``<JWT>~<Disclosure>~...~<KB-JWT>`` (RFC 9901 §4); ``key_binding`` is empty where there is none."""

    jwt: str
    disclosures: tuple[str, ...]
    key_binding: str = ""

    @property
    def without_key_binding(self) -> str:
        """The text up to and with the last tilde: what ``sd_hash`` is taken over (RFC 9901 §4.3.1)."""
        return "~".join((self.jwt, *self.disclosures, ""))

    def __str__(self) -> str:
        return self.without_key_binding + self.key_binding


def split_sd_jwt(wire: bytes) -> SdJwt:
    """Take an SD-JWT or SD-JWT+KB apart; raises ``InputTooLarge`` and, without a tilde or outside ASCII, ``InputMalformed``."""
    if len(wire) > LONGEST:
        raise InputTooLarge(f"SD-JWT: expected at most {LONGEST} bytes, got {len(wire)}")
    if not wire.isascii():
        raise InputMalformed("SD-JWT: expected ASCII text")
    jwt, *disclosures = wire.decode("ascii").split("~")
    if not disclosures:
        raise InputMalformed("SD-JWT: expected a tilde after the signed token (RFC 9901 §4)")
    return SdJwt(jwt, tuple(disclosures[:-1]), disclosures[-1])
