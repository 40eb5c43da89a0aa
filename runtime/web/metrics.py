"""What is counted while the service runs, for those who watch over it: requests, times, refusals; never who or what."""

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from runtime.web.routes import Route, route

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """Counts of one process, in the Prometheus text format. ``registry`` takes further counters of the service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter("requests", "Requests answered.", ("method", "route", "status"), registry=self.registry)
        self._refusals = Counter("refusals", "Requests refused, by code.", ("code",), registry=self.registry)
        self._seconds = Histogram("request_seconds", "Time to answer.", ("route",), buckets=_SECONDS, registry=self.registry)

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """``path`` is the route's pattern, never the address that was asked for."""
        self._requests.labels(method, path, status).inc()
        self._seconds.labels(path).observe(seconds)

    def refused(self, code: str) -> None:
        self._refusals.labels(code).inc()

    def routes(self) -> tuple[Route, ...]:
        return (route("GET", "/metrics", self._show, summary="Counts for monitoring", answer_type="text/plain"),)

    async def _show(self, _request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(self.registry), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
