"""The resolver as a service: one public route, and health on the management port."""

from aiohttp import web

from credentials.keys import generate_key
from credentials.keys.did_key import did_key
from didresolver.handlers import RESOLVER, resolve
from didresolver.resolver import CachingResolver
from didresolver.settings import ResolverSettings
from doors.json import parse_object
from doors.refusals import DidDocumentInvalid, DidInvalid, DidLogInvalid, DidMethodUnsupported, DidNotFound, MetadataMismatch
from runtime.clock import Clock
from runtime.fetch import Fetch
from runtime.self_check import OwnPage
from runtime.web import Front, Metrics, application, health_routes, route
from runtime.words import load_words

VERSION = "0.1.0"
REFUSALS = (DidInvalid, DidLogInvalid, DidMethodUnsupported, DidNotFound, DidDocumentInvalid)


def public_app(settings: ResolverSettings, *, fetch: Fetch, clock: Clock, metrics: Metrics) -> web.Application:
    """The application on the public port."""
    served = route(
        "GET",
        "/1.0/identifiers/{did:.+}",
        resolve,
        summary="The document of a DID",
        answer_type="application/did-resolution",
        refusals=REFUSALS,
    )
    app = application([served], _front(settings, clock, metrics))
    app[RESOLVER] = CachingResolver(fetch, clock, development=settings.development, fresh_for=settings.fresh_for, max_age=settings.max_age)
    return app


def admin_app(settings: ResolverSettings, *, clock: Clock, metrics: Metrics) -> web.Application:
    """Health, version and metrics, on the management port."""
    return application([*health_routes(version=VERSION, checks={}), *metrics.routes()], _front(settings, clock, metrics))


def _front(settings: ResolverSettings, clock: Clock, metrics: Metrics) -> Front:
    return Front(
        title="DID resolver",
        version=VERSION,
        public_url=settings.public_url,
        words=load_words("runtime"),
        clock=clock,
        development=settings.development,
        hosts=(f"{settings.admin_host}:{settings.admin_port}",),
        metrics=metrics,
        requests_per_minute=settings.requests_per_minute,
        trusted_proxies=settings.trusted_proxies,
    )


def own_page(public_url: str) -> OwnPage:
    """A DID made up for this one question, as others would ask for it: the resolver publishes nothing of its own to be known by."""
    did = did_key(generate_key("EdDSA").public)

    def answers_it(content: bytes) -> None:
        if parse_object(content).get("id") != did:
            raise MetadataMismatch("public_url: expected a DID resolver there, got something else")

    return OwnPage(f"{public_url}/1.0/identifiers/{did}", answers_it, accept="application/did+json")
