"""History rewritten, by somebody with the key and by somebody without, against one checkpoint that was held outside."""

import json
import random
from collections import Counter
from dataclasses import dataclass, field

from mrv.drill.small_log import SmallLog, back_dated, exchanged, filings
from mrv.ledger.receipt import Checkpoint
from mrv.storage.deposits import Filing
from mrv.storage.ledger_audit import audit

KINDS = ("delete", "reorder", "truncate", "back-date", "exchange")
IN_PLACE = ("delete", "reorder", "back-date")


@dataclass
class Rewrites:
    """How many of each kind, those that were not found, and how many a rebuild by the key holder hid from an audit alone."""

    kinds: Counter[str] = field(default_factory=Counter)
    unfound: list[str] = field(default_factory=list)
    hidden_without_outside: int = 0


def rewrite(log: SmallLog, rewrites: int, draw: random.Random) -> Rewrites:
    """Changes the history before the outside checkpoint again and again; four of five times the whole log is rebuilt with the key."""
    made = filings(log.count)
    held = log.count // 2 + 1
    outside = log.build(made, [held, log.count])[0]
    result = Rewrites()
    for number in range(rewrites):
        if number % 5 == 4:
            kind = draw.choice(IN_PLACE)
            _in_place(log, kind, made, held, outside, draw, result)
            continue
        kind = draw.choice(KINDS)
        changed = _changed(kind, made, held, draw)
        log.build(changed, sorted({min(held, len(changed)), len(changed)}))
        with log.control.read() as session:
            alone = audit(session, log.evidence, [log.signer.key_id])
            session.expunge_all()
            against = audit(session, log.evidence, [log.signer.key_id], [outside])
        result.kinds[f"{kind}, rebuilt with the key"] += 1
        result.hidden_without_outside += not alone.faults
        if not any(fault.code == "outside" for fault in against.faults):
            result.unfound.append(f"{kind} #{number}")
    return result


def _changed(kind: str, made: list[Filing], held: int, draw: random.Random) -> list[Filing]:
    changed, place = list(made), draw.randrange(held)
    if kind == "delete":
        del changed[place]
    elif kind == "reorder":
        other = draw.choice([number for number in range(held) if number % 3 != place % 3])  # of another plant
        changed[place], changed[other] = changed[other], changed[place]
    elif kind == "truncate":
        del changed[draw.randrange(1, held) :]
    elif kind == "back-date":
        changed[place] = back_dated(changed[place], draw.randrange(1, 10_000))
    else:
        changed[place] = exchanged(changed[place], draw.randrange(len(made)))
    return changed


def _in_place(
    log: SmallLog,
    kind: str,
    made: list[Filing],
    held: int,
    outside: Checkpoint,
    draw: random.Random,
    result: Rewrites,
) -> None:
    log.build(made, [held, log.count])
    place, other = draw.sample(range(held), 2)
    with log.control.write() as session:
        connection = session.connection()
        if kind == "delete":
            connection.exec_driver_sql("DELETE FROM ledger_leaf WHERE number = ?", (place,))
        elif kind == "reorder":
            for number, target in ((place, -1), (other, place), (-1, other)):
                connection.exec_driver_sql("UPDATE ledger_leaf SET number = ? WHERE number = ?", (target, number))
        else:
            text = connection.exec_driver_sql("SELECT content FROM ledger_leaf WHERE number = ?", (place,)).scalar()
            content = json.loads(str(text)) | {"received_at": f"2020-01-{draw.randrange(1, 29):02d}T00:00:00Z"}
            changed = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
            connection.exec_driver_sql("UPDATE ledger_leaf SET content = ? WHERE number = ?", (changed, place))
        faults = audit(session, log.evidence, [log.signer.key_id], [outside]).faults
        session.rollback()
    result.kinds[f"{kind}, in place"] += 1
    if not faults:
        result.unfound.append(f"{kind} in place {place} {other}")
