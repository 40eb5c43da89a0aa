"""What a running process needs, whatever it does: settings, storage, one way out to the network, one way in by HTTP.

The rooms and their main doors (``runtime`` knows no credentials; nothing here reads the environment but ``settings`` and ``crash``, at start):

clock      ``Clock = Callable[[], datetime]``, ``utc_now()``, ``rfc3339(moment) -> str`` ("...Z"), ``parse_rfc3339(text) -> datetime`` (InputMalformed)
database   ``Migration = Callable[[SqliteDatabase], None]`` (a function that gets the sqlite-utils database; its place in the tuple is its version)
           ``Database.open(path, migrations, *, synchronous="FULL", busy_seconds=5.0) -> Database``   (SchemaNewer, StorageBusy, StorageUnavailable)
           ``await database.write(fn)``: ``fn(connection) -> T``, one savepoint each, group commit; an exception of fn undoes fn only. fn never commits
           and never calls ``executescript`` (both would end the group's transaction).   ``await database.read(fn)``: a consistent snapshot, read-only
           ``database.close()``; as a context manager too.
spend      migration ``spend_tables``; ``add_spendable(connection, kind, token, *, expires_at, payload=b"")``
           ``spend(connection, kind, token, *, now) -> bytes`` (the payload), ``peek(...)`` same but leaves it unspent, ``void(connection, kind, token, *, now)``,
           ``count_try(connection, kind, token) -> int``, ``forget_lapsed(connection, *, before) -> int``; raises ``NotSpendable(reason)``:
           "unknown" | "spent" | "expired"  (not a Refused: the caller says which code it is)
journal    migration ``journal_tables``; ``append(connection, *, key, actor, act, object_id, reason, now, outcome="done") -> Head``
           ``verify_journal(connection, *, key, witnessed=None) -> Head`` (AuditChainBroken); ``journal_head(connection)``; ``check_clock(connection, *, now)``
           (ClockBehind); ``key``: 32 secret bytes, from ``secret_file``
secret_file ``secret_file(path) -> bytes``: 32 random bytes in a 0600 file, made on first use (StorePermissions, StorageUnavailable)
crash      ``CrashPoints()(name)``, ``CrashPoints.armed(name, passage=1)``, ``NEVER``, ``armed_from_environment(known_names) -> CrashPoints`` (SettingsInvalid)
tokens     migration ``token_tables``; ``issue_token(connection, *, prefix, name, scopes, now, expires_at) -> str`` (shown once)
           ``authenticate(connection, text, *, scope, now) -> Caller(id, name, scopes)`` (AuthRequired, InsufficientScope); ``revoke_token(connection, id, *, now)``
"""
