"""What the ID card says about a person, in the order people read it."""

CLAIMS = (
    "family_name",
    "given_name",
    "full_name",
    "sex",
    "ethnicity",
    "nationality",
    "birth_date",
    "resident_address",
    "citizen_number",
    "document_number",
    "issuing_authority",
    "issuance_date",
    "expiry_date",
    "portrait",
    "age_over_14",
    "age_over_16",
    "age_over_18",
    "age_over_21",
    "age_over_60",
)
