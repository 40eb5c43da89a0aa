"""Prove who an applicant is: consent, document, register, face; the first step that fails is the answer."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from doors.json import JsonObject
from doors.refusals import ProofingTimeout
from proofing.compare import compare_pictures
from proofing.consent import Consent, check_consent
from proofing.document import IdDocument
from proofing.evidence import Evidence, evidence_entries, seal_evidence
from proofing.register import PopulationRegister, confirm
from proofing.settings import FaceSettings
