"""One kind of credential that an issuer offers: format and type, binding to the holder, display (OpenID4VCI 1.0 §12.2.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from doors.json import JsonObject
from openid4vc.members import Members, without_absent
from openid4vc.vci.display import ClaimDescription, Display, parse_claim_descriptions, parse_displays


def _ldp_vc(members: Members) -> JsonObject:
    definition = members.inner("credential_definition")
    return {"credential_definition": {"@context": list(definition.items("@context")), "type": list(definition.texts("type"))}}


def _jwt_vc_json(members: Members) -> JsonObject:
    return {"credential_definition": {"type": list(members.inner("credential_definition").texts("type"))}}


def _dc_sd_jwt(members: Members) -> JsonObject:
    return {"vct": members.text("vct")}


def _mso_mdoc(members: Members) -> JsonObject:
    return {"doctype": members.text("doctype")}


FORMAT_PARAMETERS: Mapping[str, Callable[[Members], JsonObject]] = MappingProxyType(
    {"ldp_vc": _ldp_vc, "jwt_vc_json-ld": _ldp_vc, "jwt_vc_json": _jwt_vc_json, "dc+sd-jwt": _dc_sd_jwt, "mso_mdoc": _mso_mdoc}
)
"""What each credential format adds to a configuration (Appendix A); a configuration of another format is read without."""


@dataclass(frozen=True, slots=True)
class ProofType:
    """Which algorithms (jwt) or cryptosuites (di_vp) a key proof may use, and whether an attestation of the key is demanded."""

    algorithms: tuple[str, ...]
    key_attestations_required: JsonObject | None = None

    @classmethod
    def parse(cls, members: Members) -> "ProofType":
        required = members.inner_or_none("key_attestations_required")
        return cls(members.texts("proof_signing_alg_values_supported"), None if required is None else required.document)

    def to_json(self) -> JsonObject:
        required = {} if self.key_attestations_required is None else {"key_attestations_required": self.key_attestations_required}
        return {"proof_signing_alg_values_supported": list(self.algorithms), **required}


@dataclass(frozen=True, slots=True)
class CredentialConfiguration:
    """One entry of ``credential_configurations_supported``; ``parameters`` holds what the format adds (vct, credential_definition, …)."""

    id: str
    format: str
    parameters: JsonObject
    scope: str = ""
    signing_algorithms: tuple[str | int, ...] = ()
    binding_methods: tuple[str, ...] = ()
    proof_types: Mapping[str, ProofType] = field(default_factory=dict)
    display: tuple[Display, ...] = ()
    claims: tuple[ClaimDescription, ...] = ()

    @classmethod
    def parse(cls, identifier: str, members: Members) -> "CredentialConfiguration":
        name = members.text("format")
        shown = members.inner_or_none("credential_metadata") or Members({}, members.refusal)
        return cls(
            id=identifier,
            format=name,
            parameters=FORMAT_PARAMETERS[name](members) if name in FORMAT_PARAMETERS else {},
            scope=members.text_or("scope", ""),
            signing_algorithms=_signing_algorithms(members),
            binding_methods=members.texts_or("cryptographic_binding_methods_supported"),
            proof_types=_proof_types(members),
            display=parse_displays(shown),
            claims=parse_claim_descriptions(shown),
        )

    def to_json(self) -> JsonObject:
        shown = {"display": [text.to_json() for text in self.display], "claims": [claim.to_json() for claim in self.claims]}
        return without_absent(
            {
                "format": self.format,
                **self.parameters,
                "scope": self.scope,
                "credential_signing_alg_values_supported": list(self.signing_algorithms),
                "cryptographic_binding_methods_supported": list(self.binding_methods),
                "proof_types_supported": {name: proof.to_json() for name, proof in self.proof_types.items()},
                "credential_metadata": without_absent(shown),
            }
        )


def _signing_algorithms(members: Members) -> tuple[str | int, ...]:
    name = "credential_signing_alg_values_supported"
    if not members.has(name):
        return ()
    values = members.items(name)
    if not all((isinstance(value, str) and value) or type(value) is int for value in values):
        members.refuse(name, "algorithm names, or COSE numbers")
    return values


def _proof_types(members: Members) -> Mapping[str, ProofType]:
    """§12.2.4 wants binding methods and proof types together or not at all; foreign metadata often lacks one, and nothing hangs on it."""
    proofs = members.inner_or_none("proof_types_supported")
    return {name: ProofType.parse(proofs.inner(name)) for name in proofs.document} if proofs else {}
