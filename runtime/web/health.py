"""Is it running, and is it able to work? Two different questions, both answered without secrets."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from doors.refusals import Refused
from runtime.log import failure_fields, logger
from runtime.web.answers import json_answer
from runtime.web.routes import Body, Route, route

Check = Callable[[], Awaitable[None]]
"""Returns where all is well; raises where not, best with a ``Refused``."""


class Alive(Body):
    status: str


class Readiness(Body):
    """``checks``: each check's outcome, "ok" or the code of what is wrong."""

    status: str
    checks: dict[str, str]


class Version(Body):
    version: str


def health_routes(*, version: str, checks: Mapping[str, Check]) -> tuple[Route, ...]:
    """``/health/live``, ``/health/ready`` (503 while a check fails) and ``/version``, for the management port."""

    async def live(_request: web.Request) -> web.Response:
        return json_answer(Alive(status="alive"))

    async def ready(_request: web.Request) -> web.Response:
        outcomes = {name: await _outcome(check) for name, check in checks.items()}
        good = all(outcome == "ok" for outcome in outcomes.values())
        return json_answer(Readiness(status="ready" if good else "not_ready", checks=outcomes), 200 if good else 503)

    async def say_version(_request: web.Request) -> web.Response:
        return json_answer(Version(version=version))

    return (
        route("GET", "/health/live", live, summary="Is the process running", answer=Alive),
        route("GET", "/health/ready", ready, summary="Can it work: store, keys, clock", answer=Readiness),
        route("GET", "/version", say_version, summary="Which version runs", answer=Version),
    )


async def _outcome(check: Check) -> str:
    try:
        await check()
    except Refused as refusal:
        return refusal.code
    except Exception as error:
        logger().error("health check failed", **failure_fields(error))
        return "internal_error"
    return "ok"
