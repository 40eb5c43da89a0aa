"""The description of the service for programs and programmers, made from the routes and models that are really served."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from doors.json import JsonObject
from doors.refusals import AuthRequired, FieldNotWritable, InputMalformed, InputTooLarge, InsufficientScope, RateLimited, Refused
from runtime.web.answers import title_of
from runtime.web.routes import Route

_REFERENCE = "#/components/schemas/{model}"
_PARAMETER = re.compile(r"\{(?P<name>[^{}:]+)(?::[^{}]*(?:\{[^{}]*\}[^{}]*)*)?\}")

_PROBLEM: JsonObject = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "trace_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; programs decide by it."},
        "detail": {"type": "string", "description": "What was expected and what came."},
        "trace_id": {"type": "string", "description": "To quote when asking for help."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemMember"}},
    },
}
_PROBLEM_MEMBER: JsonObject = {
    "type": "object",
    "required": ["pointer", "code", "detail"],
    "properties": {"pointer": {"type": "string"}, "code": {"type": "string"}, "detail": {"type": "string"}},
}
_OAUTH_ERROR: JsonObject = {
    "type": "object",
    "description": "A refusal (RFC 6749 §5.2).",
    "required": ["error"],
    "properties": {
        "error": {"type": "string"},
        "error_description": {"type": "string"},
        "code": {"type": "string"},
        "trace_id": {"type": "string"},
    },
}


def describe(routes: Iterable[Route], *, title: str, version: str, public_url: str) -> JsonObject:
    """The OpenAPI 3.1 document of ``routes``; pages and hidden routes are left out."""
    shown = tuple(route for route in routes if not route.hidden and route.shape != "page")
    paths: dict[str, dict[str, Any]] = {}
    for route in shown:
        paths.setdefault(_PARAMETER.sub(r"{\g<name>}", route.path), {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "servers": [{"url": public_url}],
        "paths": paths,
        "components": {
            "schemas": {**_schemas(shown), "Problem": _PROBLEM, "ProblemMember": _PROBLEM_MEMBER, "OAuthError": _OAUTH_ERROR},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "API token prefix_id_secret"}},
        },
    }


def _operation(route: Route) -> JsonObject:
    operation: JsonObject = {
        "operationId": operation_id(route),
        "summary": route.summary,
        "responses": {str(route.status): _answer(route), **_refusals(route)},
    }
    parameters = [*_path_parameters(route.path), *_query_parameters(route.query), *_key_parameter(route)]
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": {route.body_type: {"schema": _reference(route.body)}}}
    if route.scope:
        operation["security"] = [{"token": [route.scope]}]
    return operation


def operation_id(route: Route) -> str:
    """A name for the operation that is unique and stays: method and path in words."""
    return "_".join([route.method.lower(), *re.findall(r"[A-Za-z0-9]+", _PARAMETER.sub(r"\g<name>", route.path))])


def _answer(route: Route) -> JsonObject:
    answer: JsonObject = {"description": "Done" if route.writes else "Found"}
    if route.status not in (204, 304):
        schema = _reference(route.answer) if route.answer is not None else {}
        answer["content"] = {route.answer_type: {"schema": schema}}
    return answer


def _refusals(route: Route) -> JsonObject:
    """Refusals by status; where several have one status, their codes are listed."""
    by_status: dict[int, list[type[Refused]]] = {}
    for kind in dict.fromkeys((*_always(route), *route.refusals)):
        by_status.setdefault(kind.http_status, []).append(kind)
    return {str(status): _refusal(kinds, oauth=route.shape == "oauth") for status, kinds in sorted(by_status.items())}


def _always(route: Route) -> tuple[type[Refused], ...]:
    guarded = (AuthRequired, InsufficientScope) if route.scope else ()
    written = (InputTooLarge, InputMalformed, FieldNotWritable) if route.body is not None else (InputMalformed,)
    return (*written, *guarded, RateLimited)


def _refusal(kinds: Sequence[type[Refused]], *, oauth: bool) -> JsonObject:
    described = "; ".join(f"{kind.code}: {title_of(kind)}" for kind in kinds)
    media, schema = ("application/json", "OAuthError") if oauth else ("application/problem+json", "Problem")
    return {"description": described, "content": {media: {"schema": {"$ref": _REFERENCE.format(model=schema)}}}}


def _path_parameters(path: str) -> list[JsonObject]:
    return [{"name": found["name"], "in": "path", "required": True, "schema": {"type": "string"}} for found in _PARAMETER.finditer(path)]


def _query_parameters(query: type[BaseModel] | None) -> list[JsonObject]:
    if query is None:
        return []
    schema = query.model_json_schema(ref_template=_REFERENCE)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": member}
        for name, member in schema.get("properties", {}).items()
    ]


def _key_parameter(route: Route) -> list[JsonObject]:
    if not route.creates:
        return []
    schema = {"type": "string", "maxLength": 128}
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema, "description": "Asking twice does it once."}]


def _reference(model: type[BaseModel]) -> JsonObject:
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def _schemas(routes: Sequence[Route]) -> JsonObject:
    bodies = dict.fromkeys((route.body, "validation") for route in routes if route.body is not None)
    answers = dict.fromkeys((route.answer, "validation") for route in routes if route.answer is not None)
    queries = dict.fromkeys((route.query, "validation") for route in routes if route.query is not None)
    models: list[Any] = list({**bodies, **answers, **queries})
    definitions: JsonObject = models_json_schema(models, ref_template=_REFERENCE)[1].get("$defs", {}) if models else {}
    return definitions
