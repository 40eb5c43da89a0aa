"""What the commands do, once the heavy parts of the program are loaded."""

import os
import secrets
import sys
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from doors.json import JsonObject
from doors.refusals import ApprovalRequired, NotFound, SettingsInvalid
from runtime.clock import rfc3339, utc_now
from runtime.crash import CrashPoints, armed_from_environment
from runtime.lazy import lazy
from runtime.words import safe_text
from trust.policy import read_policy
from trust.relying_party import attribute_of
from wallet import backup, opening, receive
from wallet.asked import Asked, open_asked
from wallet.check import check, fresh, holdings
from wallet.delete import clear_history, delete_card, find_card
from wallet.history import history
from wallet.holding import Holding, masked
from wallet.match import PORTRAIT, Consent, candidates, chosen, picked_by, shown_names
from wallet.present import decline, present
from wallet.reach import Reach
from wallet.receive import Received
from wallet.settings import WalletSettings, believe, settings_from
from wallet.store import WalletStore
from wallet.terminal import agreed_to, passphrase, talk
from wallet.vault import long_enough

if TYPE_CHECKING:
    from wallet import app
else:
    app = lazy("wallet.app")


def settings_of(wallet: Path | None, *, development: bool = False, ca_file: Path | None = None) -> WalletSettings:
    """Flags before environment; raises ``SettingsInvalid``."""
    return settings_from(os.environ, wallet=wallet, development=development, ca_file=ca_file)


def opened(settings: WalletSettings, passphrase_file: Path | None, *, ask: bool = False) -> WalletStore:
    """The open wallet: kept open by ``unlock``, or opened now with the passphrase, which ``ask`` demands in any case."""
    crash, now = _crash(), utc_now()
    store = None if ask or passphrase_file else opening.unlocked(settings, crash=crash, now=now)
    if store is None:
        store = opening.unlock(settings, passphrase(passphrase_file), crash=crash, now=now)
    if store.recovered:
        talk("store_recovered: the last save was cut short; the state before it was opened")
    return store


def init(settings: WalletSettings, chosen_passphrase: str, *, trust: Path | None) -> JsonObject:
    text = "" if trust is None else trust_text(trust)
    store = opening.make(settings, chosen_passphrase, crash=_crash())
    if trust is not None:
        believe(store, text)
    return {"wallet": str(settings.path), "believes": "" if trust is None else str(trust)}


def set_trust(store: WalletStore, trust: Path) -> JsonObject:
    policy = believe(store, text_of(trust))
    return {"trust_list": policy.trust_list_url, "anchors": len(policy.anchors)}


def keep_open(settings: WalletSettings, store: WalletStore, *, minutes: int) -> JsonObject:
    until = utc_now() + timedelta(minutes=minutes)
    settings.session.keep(store.vault_key, until=until)
    return {"open_until": rfc3339(until)}


def lock(settings: WalletSettings) -> JsonObject:
    if not settings.path.exists():
        raise NotFound(f"wallet: there is none at {settings.path}")
    settings.session.lock()
    return {"locked": True}


async def receive_offer(settings: WalletSettings, store: WalletStore, offer: str, *, tx_code: str) -> JsonObject:
    async with _reaching(settings, store) as reach:
        offered = await receive.look(offer, reach=reach)
        talk(f"{safe_text(offered.issuer.name.en)} / {safe_text(offered.issuer.name.zh)}: {', '.join(t.en for t in offered.titles())}")
        if offered.wants_tx_code and not tx_code:
            raise ApprovalRequired("offer: expected the transaction code that you were given separately (--tx-code)")
        return received_json(await receive.accept(offered, tx_code=tx_code, store=store, reach=reach))


async def resume(settings: WalletSettings, store: WalletStore) -> JsonObject:
    async with _reaching(settings, store) as reach:
        return received_json(await receive.resume(store, reach=reach))


async def list_cards(settings: WalletSettings, store: WalletStore, *, anew: bool) -> Sequence[JsonObject]:
    if not anew:
        return [card_json(card) for card in holdings(store)]
    async with _reaching(settings, store) as reach:
        return [card_json(card) for card in await check(store, reach=reach)]


def show(store: WalletStore, card_id: str, *, plain: bool) -> JsonObject:
    card = find_card(store, card_id)
    claims = {name: value if plain else masked(name, value) for name, value in card.claims.items()}
    return {**card_json(card), "claims": claims}


def delete(store: WalletStore, card_id: str, *, yes: bool, dry_run: bool) -> JsonObject:
    """Throw one card away; raises ``NotFound``, and ``ApprovalRequired`` where nobody has agreed."""
    card = find_card(store, card_id)
    if dry_run:
        return {"would_delete": card_json(card)}
    _agree("Delete this card and its key for good? / 确定永久删除该证件及其密钥？", yes=yes)
    return {"deleted": delete_card(store, card_id, now=utc_now(), random=secrets.token_bytes).id}


def clear_log(store: WalletStore, *, yes: bool) -> JsonObject:
    """Forget what was received and shown; raises ``ApprovalRequired`` where nobody has agreed."""
    _agree("Forget the whole list of what was shown? / 确定清除全部记录？", yes=yes)
    return {"forgotten": clear_history(store)}


def _agree(question: str, *, yes: bool) -> None:
    if not yes and not (sys.stdin.isatty() and agreed_to(question)):
        raise ApprovalRequired("expected --yes, or a yes on the terminal; nothing was changed")


@dataclass(frozen=True, slots=True)
class Answers:
    """What the holder said on the command line: yes to all, yes to the portrait, which attributes not, which cards."""

    yes: bool = False
    portrait: bool = False
    refuse: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()


async def present_to(settings: WalletSettings, store: WalletStore, request: str, *, said: Answers) -> JsonObject:
    """Show who asks for what, and answer with the holder's consent; the portrait needs a consent of its own."""
    async with _reaching(settings, store) as reach:
        asked = await open_asked(request, store=store, reach=reach)
        refused = frozenset(path for path in asked.attributes if attribute_of(path) in said.refuse)
        cards = await fresh(store, reach=reach)
        found = candidates(asked.request.query, cards, refused=refused, now=reach.clock(), skew=reach.policy.skew)
        consent = Consent(picked_by(found, said.cards), refused, portrait=True)
        names = shown_names(chosen(found, consent).values())
        _tell(asked, names)
        if not _agreed(asked, names, said):
            await decline(asked, store=store, reach=reach)
            return {"declined": True}
        presented = await present(asked, consent, cards, store=store, reach=reach)
        return {"presented": list(presented.attributes), "to": asked.party.client_id, "redirect_uri": presented.redirect_uri}


def log(store: WalletStore) -> Sequence[JsonObject]:
    return [entry.to_json() for entry in history(store)]


def export(store: WalletStore, its_passphrase: str, target: Path) -> JsonObject:
    content = backup.export(store, long_enough(its_passphrase), random=secrets.token_bytes)
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise SettingsInvalid(f"{target}: there is already a file of that name; nothing was written") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return {"backup": str(target), "bytes": len(content)}


def import_(store: WalletStore, its_passphrase: str, source: Path) -> JsonObject:
    try:
        content = source.read_bytes()
    except OSError:
        raise NotFound(f"{source}: the backup cannot be read") from None
    return {"imported": len(backup.restore(store, backup.read(content, its_passphrase)))}


async def serve(settings: WalletSettings, *, port: int, trust: Path | None) -> None:
    """The page on this machine; ``trust`` is for a wallet that is made on it."""
    await app.run(settings, port=port, trust="" if trust is None else trust_text(trust), crash=_crash())


def card_json(card: Holding) -> JsonObject:
    valid_until = card.credential.valid_until
    return {
        "id": card.id,
        "title": card.title.to_json(),
        "issuer": card.issuer_name.to_json(),
        "format": card.format,
        "valid_until": "" if valid_until is None else rfc3339(valid_until),
        "standing": card.standing.code or "good",
        "checked_at": rfc3339(card.standing.checked_at),
    }


def received_json(received: Received) -> JsonObject:
    return {
        "received": [card_json(card) for card in received.kept],
        "deleted": [
            {"configuration": gone.configuration, "code": gone.refusal.code, "why": gone.refusal.detail} for gone in received.deleted
        ],
    }


def trust_text(path: Path) -> str:
    """A trust policy's file, read once before anything rests on it; raises ``SettingsInvalid``."""
    text = text_of(path)
    read_policy(text)
    return text


def text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise SettingsInvalid(f"{path}: the file cannot be read") from None


def _crash() -> CrashPoints:
    return armed_from_environment(opening.CRASH_POINTS)


def _reaching(settings: WalletSettings, store: WalletStore) -> AbstractAsyncContextManager[Reach]:
    return opening.reaching(settings, store, crash=_crash())


def _tell(asked: Asked, names: Sequence[str]) -> None:
    """Who asks, for what, why and for how long: before anything leaves."""
    party, purpose = asked.party, asked.request.purpose
    talk(f"{safe_text(party.name.en)} / {safe_text(party.name.zh)} ({safe_text(', '.join(party.hosts), 200)})")
    talk(f"  {safe_text(party.purpose.en, 200)} / {safe_text(party.purpose.zh, 200)}")
    if purpose is not None:
        for sentence in purpose.purpose.values():
            talk(f"  {safe_text(sentence, 300)}")
        talk(f"  kept for {purpose.retention_days} days / 保存 {purpose.retention_days} 天")
    for name in names:
        talk(f"  - {safe_text(name)}")


def _agreed(asked: Asked, names: Sequence[str], said: Answers) -> bool:
    """The holder's own approval; silence is none. Raises ``ApprovalRequired`` where nobody can be asked."""
    if said.yes:
        if PORTRAIT in names and not said.portrait:
            raise ApprovalRequired("portrait: it is biometric data and needs your own consent (--portrait), or --refuse portrait")
        return True
    if not sys.stdin.isatty():
        raise ApprovalRequired("consent: expected --yes, or a terminal to ask on")
    if PORTRAIT in names and not agreed_to(
        "This shows your portrait, which is biometric data. Agree? / 将出示您的照片（生物识别信息），同意吗？"
    ):
        return False
    return agreed_to(f"Share this with {safe_text(asked.party.name.en)}? / 同意出示给 {safe_text(asked.party.name.zh)}？")
