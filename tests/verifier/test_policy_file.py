"""A policy is one readable file; a wrong one is refused with every mistake named."""

from pathlib import Path

import pytest

from credentials.id_card.names import ID_CARD_VCT
from doors.refusals import SettingsInvalid
from verifier.policy import LANGUAGES
from verifier.policy_file import load_policy, parse_policy, shipped_policies


def test_hotel_and_court_are_shipped() -> None:
    assert shipped_policies() == ("court", "hotel")


@pytest.mark.parametrize("name", ["hotel", "court"])
def test_a_shipped_policy_says_why_it_asks_in_both_languages(name: str) -> None:
    policy = load_policy(name)
    asked = [attribute for ask in policy.credentials for attribute in ask.attributes]
    texts = [policy.name, policy.purpose, policy.legal_basis, policy.retention.words, *(attribute.why for attribute in asked)]
    assert asked
    assert all(text[language].strip() for text in texts for language in LANGUAGES)
    assert policy.types == {ID_CARD_VCT}


def test_the_hotel_asks_for_few_attributes_one_by_one() -> None:
    (ask,) = load_policy("hotel").credentials
    assert ask.format == "dc+sd-jwt"
    assert [attribute.name for attribute in ask.attributes] == ["full_name", "citizen_number", "portrait", "age_over_18"]


def test_the_court_takes_the_whole_card_or_the_same_attributes_selectively() -> None:
    policy = load_policy("court")
    whole, selective = policy.ask("identity"), policy.ask("identity_selective")
    assert (whole.format, selective.format) == ("ldp_vc", "dc+sd-jwt")
    assert [attribute.path[1:] for attribute in whole.attributes] == [attribute.path for attribute in selective.attributes]
    assert policy.alternatives == ((("identity",), ("identity_selective",)),)


def test_a_policy_of_ones_own_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    path.write_text(load_policy("hotel").text.replace('id = "hotel"', 'id = "desk"'), encoding="utf-8")
    assert load_policy(str(path)).id == "desk"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "hotel"', 'id = "ho tel"', "id: expected letters"),
        ('response_mode = "direct_post.jwt"', 'response_mode = "fragment"', "response_mode: expected one of"),
        ("session_seconds = 180", "session_seconds = 9", "session_seconds: expected a whole number from 10"),
        ("session_seconds = 180", "session_seconds = true", "session_seconds: expected a whole number"),
        ("skew_seconds = 60", "skew_seconds = -1", "trust: "),
        ("skew_seconds = 60", "skewed = 60", "trust: "),
        ('format = "dc+sd-jwt"', 'format = "mso_mdoc"', "credentials[0].format: expected one of"),
        ('path = ["full_name"]', "path = []", "credentials[0].attributes[0].path: expected a list of names"),
        ('en = "Hotel check-in"', 'en = ""', "name: expected one sentence"),
        ('en = "Hotel check-in"', 'fr = "Hôtel"', "name: expected one sentence"),
        ("optional = true ", 'optional = "yes" ', "credentials[0].attributes[2].optional: expected true or false"),
        ("optional = true ", "voluntary = true ", "credentials[0].attributes[2].voluntary: not a member"),
        ("version = 1", "version = 1\nextra = 1", "extra: not a member"),
        ("version = 1", "version = ", "not well-formed TOML"),
        ("case_file = false", 'alternatives = [{ options = [["nobody"]] }]\ncase_file = false', "alternatives[0].options"),
    ],
)
def test_a_mistake_in_a_policy_is_named(old: str, new: str, told: str) -> None:
    text = load_policy("hotel").text
    assert old in text
    with pytest.raises(SettingsInvalid) as refused:
        parse_policy(text.replace(old, new))
    assert told in refused.value.detail


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        parse_policy('id = "x"\n[trust]\n[[credentials]]\nid = "a"\n')
    assert all(word in refused.value.detail for word in ("purpose", "legal_basis", "retention", "credentials[0].types"))


def test_an_unknown_policy_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(SettingsInvalid, match="court, hotel"):
        load_policy("bank")
