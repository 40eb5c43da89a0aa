"""The names under which the ID card is known: its type, its context and its vocabulary."""

ID_CARD_TYPE = "IdCardCredential"
"""The type as a JSON-LD term; its IRI is ``ID_CARD_VCT``."""
ID_CARD_VCT = "https://tigertally.example/credentials/id-card/v1"
"""The type as an SD-JWT VC names it (``vct``), and the IRI of ``ID_CARD_TYPE``."""
ID_CARD_CONTEXT = "https://tigertally.example/contexts/id-card/v1"
ID_CARD_VOCABULARY = "https://tigertally.example/vocab/id-card#"

FACE_CHECK = "FaceCheckEvidence"
DOCUMENT_CHECK = "DocumentCheckEvidence"
REGISTER_CHECK = "RegisterCheckEvidence"
"""The types of an ``evidence`` entry: how the person was proved."""
