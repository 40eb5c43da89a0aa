"""What a running process needs, whatever it does: settings, storage, one way out to the network, one way in by HTTP.

``runtime`` knows no credentials. Nothing in it reads the environment but ``settings`` and ``crash``, at start. The rooms and their doors:

clock      ``Clock = Callable[[], datetime]``, ``utc_now()``, ``rfc3339(moment) -> str`` ("...Z"), ``parse_rfc3339(text)`` (InputMalformed)

database   ``Migration = Callable[[SqliteDatabase], None]``: gets the sqlite-utils database; its place in the tuple is its version
           ``Database.open(path, migrations, *, synchronous="FULL", busy_seconds=5.0)``  (SchemaNewer, StorageBusy, StorageUnavailable)
           ``await database.write(fn)``: ``fn(connection) -> T``, one savepoint each, group commit; an exception of fn undoes fn only.
           fn never commits and never calls ``executescript`` (both would end the group's transaction).
           ``await database.read(fn)``: a consistent, read-only snapshot; ``database.close()``; a context manager too

spend      migration ``spend_tables``; ``add_spendable(connection, kind, token, *, expires_at, payload=b"")``
           ``spend(connection, kind, token, *, now) -> bytes`` (the payload); ``peek(...)`` the same but leaves it unspent
           ``void(connection, kind, token, *, now)``; ``count_try(connection, kind, token) -> int``
           ``forget_lapsed(connection, *, before) -> int``
           raises ``NotSpendable`` with ``.reason`` "unknown" | "spent" | "expired" (not a Refused: the caller says which code it is)

journal    migration ``journal_tables``; ``append(connection, *, key, actor, act, object_id, reason, now, outcome="done") -> Head``
           ``verify_journal(connection, *, key, witnessed=None) -> Head`` (AuditChainBroken); ``journal_head(connection)``
           ``entries(connection, *, after=0, limit=100)``; ``check_clock(connection, *, now)`` (ClockBehind)

secret_file ``secret_file(path) -> bytes``: 32 random bytes in a 0600 file, made on first use (StorePermissions, StorageUnavailable)

crash      ``CrashPoints.armed(name, passage=1)``, ``NEVER``; call it with the name of the place reached
           ``armed_from_environment(known_names)``: what TIGERTALLY_CRASH_AT says ("name" or "name:passage"); only ``__main__`` calls it

tokens     migration ``token_tables``; ``issue_token(connection, *, prefix, name, scopes, now, expires_at) -> str`` (shown once)
           ``authenticate(connection, text, *, scope, now) -> Caller(id, name, scopes)`` (AuthRequired, InsufficientScope)
           ``revoke_token(connection, id, *, now)`` (NotFound)

addresses  ``parse_target(url, *, development) -> Target(url, scheme, host, port)`` (UrlBlocked, TlsError)
           ``check_address(text, *, development)`` (UrlBlocked)

fetch      ``Fetch`` (Protocol): ``await fetch(url, *, method="GET", body=None, headers=None, max_bytes=65536, accept="") -> Fetched``
           ``Fetched(status, content, content_type, etag, url)``: any status but redirects, so look at ``status``; 304 passes
           ``OutboundFetch(*, development=False, ca_file=None, look_up=look_up, total_seconds=3.0)``; ``await fetch.close()``
           (UrlBlocked, RedirectBlocked, TlsError, FetchTimeout, FetchFailed, InputTooLarge). Development: loopback, also by http

settings   ``class Settings``: environment host port admin_host admin_port public_url data_dir ca_file trusted_proxies
           requests_per_minute log_level; ``.development``. A service subclasses it with
           ``model_config = SettingsConfigDict(env_prefix="ISSUER_")`` and default ports (``port: int = 8101``)
           ``load_settings(Kind, file: Path | None, flags: Mapping) -> Kind``: TOML < environment < flags (SettingsInvalid, all mistakes)

log        ``configure_log(level)``; ``logger().info("constant sentence", code=..., trace_id=...)``: only fields in ``LOGGABLE`` get through

words      ``load_words("runtime", "issuer") -> Words``: ``<package>/words/{en,zh-CN}.json``; ``words.say(language, key, **values)``
           ``negotiate(languages, *, asked="", remembered="", accepted="") -> str``; ``safe_text(text, limit=80)`` for foreign names

worker     ``Worker(memory_bytes=..., seconds=..., processes=1)``: ``await worker.run(fn, *args, refusal=ProofingTimeout)``:
           ``fn`` is a function at the top of a module; past its time or memory it is killed and ``refusal`` raised
           ``Worker(..., warm=fn)``: called once in each process at its start; ``await worker.close()``

serve      ``await serve((Listener(app, host, port, "public"), ...), name="issuer")``: until SIGTERM or SIGINT (or ``stop`` is set);
           prints one JSON line on stderr when it listens; port 0 takes a free one

web        (import from ``runtime.web``)
           ``route(method, path, handler, *, summary, body=None, answer=None, query=None, status=200, scope="", oauth=False, page=False,``
           ``creates=False, max_bytes=262144, answer_type="application/json", refusals=(), hidden=False) -> Route``
             scope: the API token scope it needs ("" = open), the caller is then ``request[CALLER]``; oauth: refusals in OAuth shape;
             page: refusals as a page in the reader's language, and Origin checked on POST; creates: takes Idempotency-Key
           ``application(routes, Front(title=, version=, public_url=, words=, clock=, development=False, hosts=(), authenticate=None,``
           ``idempotency=None, metrics=None, requests_per_minute=600, trusted_proxies=(),``
           ``refused_logins_per_minute=20)) -> web.Application``
             adds /openapi.json, /docs and /static/<package>/<file>; state goes into ``app[web.AppKey(...)]`` as usual in aiohttp
           ``token_authenticator(database, clock)``, ``Idempotency(database, clock, secret)`` (``idempotency_tables``) for ``Front``
           ``class Body(BaseModel)``: strict, frozen, unknown members refused; derive request and answer models from it
           ``await read_json(request, Model) -> Model``; ``await read_form(request, Model)`` (urlencoded); ``read_query(request, Model)``;
           ``await read_body(request, *, media_types, max_bytes) -> bytes``  (InputMalformed with errors, FieldNotWritable 422,
           InputTooLarge 413, UnsupportedMediaType 415)
           ``json_answer(value, status=200, headers=None, content_type="application/json")``: value is a model, a dict or bytes
           ``health_routes(version=, checks={"store": async_fn}) -> tuple[Route, ...]``: /health/live, /health/ready, /version; admin port
           ``Metrics()`` -> ``Front(metrics=)``, ``metrics.routes()``: /metrics for the admin app; ``metrics.registry`` for own counters
           ``Pages("issuer", words)``: templates in ``issuer/templates`` (extend "frame.html" of runtime), files in ``issuer/static``
           ``pages.render(request, "desk.html", status=200, **values)``; in templates ``t("key", name=value)``,
           ``language``, ``x | foreign``; refusals of page routes are pages where the reader accepts text/html, else problem documents
           ``pages.routes()`` serves /static/issuer/<file>; ``language_of(request, words)``
           ``Topics()``: ``topics.publish(name, Event(event, data))``, ``async with topics.subscribe(name) as events``
           ``await send_events(request, events) -> web.StreamResponse`` (server-sent events with keep-alive)
           ``like_literal(text)`` in ``database``: a LIKE pattern part that matches only itself (use with ESCAPE '\\')
"""
