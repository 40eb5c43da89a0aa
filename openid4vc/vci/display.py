"""What an issuer says for people about itself, its credentials and their claims, in each language (OpenID4VCI 1.0 §12.2.4, B.2)."""

from collections.abc import Iterable
from dataclasses import dataclass

from doors.json import JsonObject
from doors.refusals import MetadataInvalid
from openid4vc.claims_path import ClaimPath, parse_path
from openid4vc.members import Members, without_absent
from openid4vc.urls import is_web_url


@dataclass(frozen=True, slots=True)
class Display:
    """Names and colours in one language; text of others, to be made safe before it is shown."""

    name: str
    locale: str = ""
    description: str = ""
    logo_uri: str = ""
    logo_alt_text: str = ""
    background_color: str = ""
    background_image_uri: str = ""
    text_color: str = ""

    @classmethod
    def parse(cls, members: Members) -> "Display":
        logo, background = members.inner_or_none("logo"), members.inner_or_none("background_image")
        return cls(
            name=members.words("name"),
            locale=members.words("locale"),
            description=members.words("description"),
            logo_uri=logo.text("uri") if logo else "",
            logo_alt_text=logo.words("alt_text") if logo else "",
            background_color=members.words("background_color"),
            background_image_uri=background.text("uri") if background else "",
            text_color=members.words("text_color"),
        )

    def logo_address(self) -> str:
        """Where the logo may be fetched, "" where there is none; raises ``MetadataInvalid`` for ``data:`` and every scheme but https."""
        if self.logo_uri and not is_web_url(self.logo_uri):
            raise MetadataInvalid("logo: expected an https URL", pointer="/logo/uri")
        return self.logo_uri

    def to_json(self) -> JsonObject:
        return without_absent(
            {
                "name": self.name,
                "locale": self.locale,
                "description": self.description,
                "logo": without_absent({"uri": self.logo_uri, "alt_text": self.logo_alt_text}),
                "background_color": self.background_color,
                "background_image": without_absent({"uri": self.background_image_uri}),
                "text_color": self.text_color,
            }
        )


@dataclass(frozen=True, slots=True)
class ClaimDescription:
    """One claim: where it stands in the credential, whether it is always there, what it is called (B.2)."""

    path: ClaimPath
    mandatory: bool = False
    display: tuple[Display, ...] = ()

    @classmethod
    def parse(cls, members: Members) -> "ClaimDescription":
        return cls(
            path=parse_path(members.document.get("path"), refusal=members.refusal, pointer=members.at("path")),
            mandatory=members.flag_or("mandatory", default=False),
            display=parse_displays(members),
        )

    def to_json(self) -> JsonObject:
        display = [shown.to_json() for shown in self.display]
        return without_absent({"path": list(self.path), "mandatory": self.mandatory or None, "display": display})


def parse_displays(members: Members) -> tuple[Display, ...]:
    """The ``display`` array, one object for each language (§12.2.4); raises the refusal of ``members``."""
    displays = tuple(Display.parse(item) for item in members.inners_or_none("display"))
    locales = [display.locale for display in displays if display.locale]
    if len(set(locales)) != len(locales):
        members.refuse("display", "one object for each language")
    return displays


def parse_claim_descriptions(members: Members) -> tuple[ClaimDescription, ...]:
    """The ``claims`` array; repeated or contradictory descriptions abort (B.3)."""
    claims = tuple(ClaimDescription.parse(item) for item in members.inners_or_none("claims"))
    refuse_contradiction([claim.path for claim in claims])
    return claims


def refuse_contradiction(paths: Iterable[ClaimPath]) -> None:
    """Raise ``MetadataInvalid`` where a path comes twice, or one claim is both array and object, or null and index meet (B.3)."""
    kinds: dict[ClaimPath, type] = {}
    seen: set[ClaimPath] = set()
    for path in paths:
        if path in seen:
            raise MetadataInvalid("claims: expected each claim described once, got one twice", pointer="/claims")
        seen.add(path)
        for depth, component in enumerate(path):
            if kinds.setdefault(path[:depth], type(component)) is not type(component):
                raise MetadataInvalid("claims: expected descriptions that agree, got contradictory ones", pointer="/claims")


def name_in(displays: tuple[Display, ...], language: str) -> str:
    """The name in ``language`` ("zh-CN", "en"), else in a variant of it, else the first there is; "" where there is none."""
    base = language.lower().split("-")[0]
    ranked = sorted(displays, key=lambda shown: (shown.locale.lower() != language.lower(), shown.locale.lower().split("-")[0] != base))
    return next((shown.name for shown in ranked if shown.name), "")
