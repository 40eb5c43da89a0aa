"""Under which names the applications keep what their handlers need."""

from aiohttp import web

from runtime.web import Pages, Topics
from verifier.answer import Desk

DESK: web.AppKey[Desk] = web.AppKey("desk", Desk)
TOPICS: web.AppKey[Topics] = web.AppKey("topics", Topics)
PAGES: web.AppKey[Pages] = web.AppKey("pages", Pages)
