"""Time-stamps of an authority over the signed log: asked for after the receipts are out, kept beside the checkpoint, told when missing."""

import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from emission_factors import NoRuleSet, deadline, rule_set
from mrv.ledger.timestamp import NoOpenssl, TimestampFault, checked, request, token_of
from mrv.pipeline.receive import iso_of
from mrv.storage.audit_faults import Fault
from mrv.storage.control import Control
from mrv.storage.home import Home
from mrv.storage.ledger import size_of
from mrv.storage.timestamps import is_due, last_stamp, put_stamp, stamps, unstamped
from schemas.choices import SECTORS

Ask = Callable[[str, bytes], bytes]
EVERY = timedelta(hours=1)
TIMEOUT = 10  # s
LATEST = 3  # months that a deadline may lie behind the month it is for
OFF, CURRENT, STAMPED, FAILED = "off", "current", "stamped", "failed"


@dataclass(frozen=True)
class Stamping:
    """Where the log stands with the authority.

    `state`: `off`, no authority is set · `current`, nothing was due · `stamped`, a token was got · `failed`, with the `error`.
    `leaves`, `covered`: how many there are, and how many of them a token covers. `at`: when the last token was kept, empty before.
    """

    state: str
    leaves: int
    covered: int
    at: str
    error: str = ""

    def document(self) -> dict[str, Any]:
        return asdict(self)


def post(url: str, asked: bytes) -> bytes:
    """Sends a request to an authority over HTTP and returns its reply. OSError, ValueError or HTTPException when that fails."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"not an address of the web: {url}")
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    with urllib.request.urlopen(urllib.request.Request(url, asked, headers), timeout=TIMEOUT) as reply:
        return bytes(reply.read())


def stamp(home: Home, control: Control, at: datetime, ask: Ask = post) -> Stamping:
    """Asks the authority of the home for a token over the newest checkpoint, where one is due.

    At most one an hour, and on the day of a monthly deadline one for each checkpoint. An authority that does not answer, or answers
    something else, stops nothing: the outcome says so, and the next call tries again.
    """
    url = home.settings.timestamp_authority
    with control.read() as session:
        waiting, last = unstamped(session), last_stamp(session)
    every = timedelta(0) if _is_deadline(at.astimezone(ZoneInfo(home.settings.timezone)).date()) else EVERY
    if not url:
        return standing(control, OFF)
    if waiting is None or not is_due(last[1] if last else None, at, every):
        return standing(control, CURRENT)
    size, document = waiting
    try:
        asked = request(document.encode())
        token = token_of(ask(url, asked), asked, document.encode(), authority(home))
    except (TimestampFault, OSError, ValueError, HTTPException) as error:
        return standing(control, FAILED, f"{type(error).__name__}: {error}")
    with control.write() as session:
        put_stamp(session, size, token.der, at)
    return standing(control, STAMPED)


def standing(control: Control, state: str, error: str = "") -> Stamping:
    """How far the tokens reach."""
    with control.read() as session:
        leaves, last = size_of(session), last_stamp(session)
    return Stamping(state, leaves, last[0] if last else 0, iso_of(last[1]) if last else "", error)


def stamp_faults(home: Home, control: Control) -> tuple[list[Fault], int]:
    """Tokens that do not vouch for their checkpoint, and how many could not be checked for want of `openssl`.

    Their signatures are checked where `timestamp_ca` is set.
    """
    trusted = authority(home)
    faults, unchecked = [], 0
    with control.read() as session:
        for kept in stamps(session):
            try:
                checked(kept.token, kept.document.encode(), trusted)
            except NoOpenssl:
                unchecked += 1
            except TimestampFault as error:
                faults.append(Fault("timestamp", f"{kept.size} ({error})"))
    return faults, unchecked


def authority(home: Home) -> Path | None:
    """The certificates of the authority (PEM), relative to the home; None where they are not set."""
    return home.path / home.settings.timestamp_ca if home.settings.timestamp_ca else None


def _is_deadline(day: date) -> bool:
    """Whether a month of any sector must be deposited by this day; that is one of the few months before it."""
    first = day.replace(day=1)
    for _ in range(LATEST):
        first = (first - timedelta(days=1)).replace(day=1)
        month = f"{first:%Y-%m}"
        for sector in SECTORS:
            try:
                if deadline(rule_set(sector, month), month) == day:
                    return True
            except NoRuleSet:
                continue
    return False
