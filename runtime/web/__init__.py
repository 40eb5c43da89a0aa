"""The way in by HTTP: routes, the guards in front of them, what people see, and what programs read about it."""

from runtime.web.answers import json_answer, title_of
from runtime.web.events import Event, Topics, send_events
from runtime.web.front import CALLER, ROUTES, TRACE, Front, application, token_authenticator
from runtime.web.guard import RateLimit, address_of
from runtime.web.health import health_routes
from runtime.web.idempotency import Idempotency, idempotency_tables
from runtime.web.metrics import Metrics
from runtime.web.openapi import describe
from runtime.web.pages import Pages, language_of
from runtime.web.reading import Fault, Faults, read_body, read_form, read_json, read_model, read_query
from runtime.web.routes import Body, Handler, Route, route

__all__ = [
    "CALLER",
    "ROUTES",
    "TRACE",
    "Body",
    "Event",
    "Fault",
    "Faults",
    "Front",
    "Handler",
    "Idempotency",
    "Metrics",
    "Pages",
    "RateLimit",
    "Route",
    "Topics",
    "address_of",
    "application",
    "describe",
    "health_routes",
    "idempotency_tables",
    "json_answer",
    "language_of",
    "read_body",
    "read_form",
    "read_json",
    "read_model",
    "read_query",
    "route",
    "send_events",
    "title_of",
    "token_authenticator",
]
