"""The national ID card: what it says, what it is called, and how its claims are checked."""

from credentials.id_card.ages import AGES, ages
from credentials.id_card.card import check_claims, context_text, id_card_credential, schema_text
from credentials.id_card.citizen_number import CitizenNumber, check_character, check_citizen_number
from credentials.id_card.names import (
    DOCUMENT_CHECK,
    FACE_CHECK,
    ID_CARD_CONTEXT,
    ID_CARD_TYPE,
    ID_CARD_VCT,
    ID_CARD_VOCABULARY,
    REGISTER_CHECK,
)

__all__ = [
    "AGES",
    "DOCUMENT_CHECK",
    "FACE_CHECK",
    "ID_CARD_CONTEXT",
    "ID_CARD_TYPE",
    "ID_CARD_VCT",
    "ID_CARD_VOCABULARY",
    "REGISTER_CHECK",
    "CitizenNumber",
    "ages",
    "check_character",
    "check_citizen_number",
    "check_claims",
    "context_text",
    "id_card_credential",
    "schema_text",
]
