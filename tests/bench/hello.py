"""The floor of every HTTP figure: a server that reads a body and says hello."""

import sys

from aiohttp import web


async def hello(request: web.Request) -> web.Response:
    await request.read()
    return web.json_response({"hello": "world"})


if __name__ == "__main__":
    app = web.Application(client_max_size=2**22)
    app.router.add_post("/", hello)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
