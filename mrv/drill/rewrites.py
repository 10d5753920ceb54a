"""History rewritten, by somebody with the key and by somebody without, against one checkpoint that was held outside."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mrv.drill.crew import shared_out
from mrv.drill.figures import Figure
from mrv.drill.small_log import SmallLog, back_dated, exchanged, filings, small_log, stored
from mrv.ledger.receipt import Checkpoint
from mrv.storage.audit_faults import Fault
from mrv.storage.deposits import Filing
from mrv.storage.ledger_audit import audit

KINDS = ("delete", "reorder", "truncate", "back-date", "exchange")
SHORTEST, LONGEST = 4, 9  # filings of a log
CHAPTER = 20  # rewrites of one history
PART = 200  # rewrites in one store
WITH_KEY, IN_PLACE = "rebuilt with the key", "in place"


@dataclass
class Rewrites:
    """How many of each kind, those that were not found, and how many an audit alone, without the outside checkpoint, did not find."""

    kinds: Counter[str] = field(default_factory=Counter)
    unfound: list[str] = field(default_factory=list)
    hidden_without_outside: int = 0

    def __add__(self, other: "Rewrites") -> "Rewrites":
        hidden = self.hidden_without_outside + other.hidden_without_outside
        return Rewrites(self.kinds + other.kinds, self.unfound + other.unfound, hidden)


def run(trials: int, results: Path, workers: int) -> Figure:
    """So many rewrites of histories of different length. `results`: nothing is kept there but the figure."""
    parts = [(seed, min(PART, trials - begin)) for seed, begin in enumerate(range(0, trials, PART))]
    found = sum(shared_out(_part, parts, workers), Rewrites())
    detail = {kind: found.kinds[kind] for kind in sorted(found.kinds)}
    detail["unseen without the outside checkpoint"] = found.hidden_without_outside
    return Figure("rewrites", found.kinds.total(), found.unfound, detail)


def _part(part: tuple[int, int]) -> Rewrites:
    seed, trials = part
    with small_log(LONGEST) as log:
        return rewrite(log, trials, random.Random(seed))


class _History:
    """A log as it was made, and the checkpoint of its first `held` leaves that somebody outside has."""

    def __init__(self, log: SmallLog, draw: random.Random) -> None:
        self.log = log
        self.made = filings(draw.randrange(SHORTEST, log.count + 1))
        self.held = draw.randrange(2, len(self.made) + 1)
        self.outside = self.build(self.made)[0]
        # Whatever is found later must come of the rewriting: made once more as it was, the log fits what is held outside.
        self.build(self.made)
        if faults := self.faults([self.outside]):
            raise RuntimeError(f"a log that nobody rewrote has faults: {faults}")

    def build(self, made: Sequence[Filing]) -> list[Checkpoint]:
        return self.log.build(made, sorted({min(self.held, len(made)), len(made)}))

    def faults(self, outside: Sequence[Checkpoint] = ()) -> tuple[Fault, ...]:
        with self.log.control.read() as session:
            return audit(session, self.log.evidence, [self.log.signer.key_id], outside).faults


def rewrite(log: SmallLog, rewrites: int, draw: random.Random) -> Rewrites:
    """Changes histories before the outside checkpoint again and again; four of five times the whole log is rebuilt with the key.

    A rebuilt log is found when an audit says that it does not fit the checkpoint held outside, and only then; a log changed in place
    when an audit, without that checkpoint, names the leaf. log : for the longest of the histories
    """
    result = Rewrites()
    for number in range(rewrites):
        if number % CHAPTER == 0:
            history = _History(log, draw)
        if number % 5 == 4:
            _in_place(history, draw, result)
        else:
            _rebuilt(history, draw, result)
    return result


def _rebuilt(history: _History, draw: random.Random, result: Rewrites) -> None:
    kind = draw.choice(KINDS)
    history.build(_changed(kind, history, draw))
    result.kinds[f"{kind}, {WITH_KEY}"] += 1
    result.hidden_without_outside += not history.faults()
    if not any(fault.code == "outside" for fault in history.faults([history.outside])):
        result.unfound.append(f"{kind} {WITH_KEY}, {len(history.made)} filings, {history.held} held")


def _changed(kind: str, history: _History, draw: random.Random) -> list[Filing]:
    changed, (place, other) = list(history.made), draw.sample(range(history.held), 2)
    if kind == "delete":
        del changed[place]
    elif kind == "reorder":
        changed[place], changed[other] = changed[other], changed[place]
    elif kind == "truncate":
        del changed[draw.randrange(1, history.held) :]
    elif kind == "back-date":
        changed[place] = back_dated(changed[place], draw.randrange(1, 10_000))
    else:
        changed[place] = exchanged(changed[place], draw.randrange(len(changed)))
    return changed


def _in_place(history: _History, draw: random.Random, result: Rewrites) -> None:
    kind, (place, other) = draw.choice(KINDS), draw.sample(range(history.held), 2)
    history.build(history.made)
    named = {("leaf_changed", f"#{place}")}
    with history.log.control.write() as session:
        connection = session.connection()
        if kind in ("delete", "truncate"):
            comparison = "=" if kind == "delete" else ">="
            connection.exec_driver_sql(f"DELETE FROM ledger_leaf WHERE number {comparison} ?", (place,))
            named = {("leaf_missing", f"#{place}"), ("node_unexpected", f"0/{place}")}  # the last leaf leaves no gap
        elif kind == "reorder":
            for number, target in ((place, -1), (other, place), (-1, other)):
                connection.exec_driver_sql("UPDATE ledger_leaf SET number = ? WHERE number = ?", (target, number))
        else:
            _say(connection, place, _said(kind, draw))
        faults = audit(session, history.log.evidence, [history.log.signer.key_id]).faults
        session.rollback()
    result.kinds[f"{kind}, {IN_PLACE}"] += 1
    if not any((fault.code, fault.where) in named for fault in faults):
        result.unfound.append(f"{kind} {IN_PLACE}, {place} of {len(history.made)} filings: {faults[:3]}")


def _said(kind: str, draw: random.Random) -> dict[str, Any]:
    """What a leaf is made to say, in place of what it said."""
    if kind == "back-date":
        return {"received_at": f"2020-01-{draw.randrange(1, 29):02d}T00:00:00Z"}
    file = stored(draw.randrange(SHORTEST), "report")
    return {"file": {"name": file.name, "sha256": file.sha256, "size": file.size}}


def _say(connection: Any, number: int, changed: dict[str, Any]) -> None:
    text = connection.exec_driver_sql("SELECT content FROM ledger_leaf WHERE number = ?", (number,)).scalar()
    content = json.dumps(json.loads(text) | changed, ensure_ascii=False, separators=(",", ":"))
    connection.exec_driver_sql("UPDATE ledger_leaf SET content = ? WHERE number = ?", (content, number))
