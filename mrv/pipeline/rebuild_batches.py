"""Which plants are judged together, and as of which day, when everything is made anew."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from mrv.storage.control import Control
from mrv.storage.deposits import latest_deposits
from mrv.storage.runs import plant_outcomes, runs, steps


@dataclass(frozen=True)
class Group:
    """Plants that are judged in one batch, and the day of judgement."""

    plants: tuple[str, ...]
    as_of: date


@dataclass(frozen=True)
class Plan:
    """`groups` in the order of the work. `unjudged`: plants that no night has judged as they stand now."""

    groups: tuple[Group, ...]
    unjudged: frozenset[str]


def planned(control: Control, as_of: date, size: int, anew: bool) -> Plan:
    """The batches of a rebuild.

    Unless `anew`, a plant is judged as the last night that got through with it did: with the plants that were judged beside it, as of
    that day. The others are judged as of `as_of`, `size` at a time; with `anew` all are.
    """
    with control.read() as session:
        newest = latest_deposits(session).groupby("plant_id")["received_at"].max().to_dict()
        judged = {} if anew else _judged(session, set(newest))
    held = {plant: night for plant, night in judged.items() if newest[plant] <= night.ended_at}
    groups = []
    for night in sorted(set(held.values())):
        plants = tuple(sorted(plant for plant in held if held[plant] == night))
        groups.append(Group(plants, date.fromisoformat(night.as_of)))
    rest = sorted(set(newest) - set(held))
    groups += [Group(tuple(rest[start : start + size]), as_of) for start in range(0, len(rest), size)]
    return Plan(tuple(groups), frozenset() if anew else frozenset(rest))


class _Batch(NamedTuple):
    """One batch of one night."""

    ended_at: str
    run_id: str
    number: int
    as_of: str


def _judged(session: Any, wanted: set[str]) -> dict[str, _Batch]:
    """For each plant the batch of the last night whose results it has in the lake."""
    last: dict[str, _Batch] = {}
    for night in runs(session, "nightly").to_dict("records")[::-1]:
        if len(last) == len(wanted):
            break
        if night["status"] not in ("completed", "partial"):  # a night that failed kept no results
            continue
        outcomes = plant_outcomes(session, night["id"])
        good = set(outcomes.loc[outcomes["status"] == "ok", "plant_id"]) & wanted - set(last)
        made = steps(session, night["id"])
        made = made[made["step"] == "judge"].sort_values(["batch", "attempt"])
        for number, plants in zip(made["batch"], made["plants"], strict=True):
            batch = _Batch(night["ended_at"], night["id"], int(number), night["as_of"])
            last |= dict.fromkeys(good.intersection(json.loads(plants)), batch)
    return last
