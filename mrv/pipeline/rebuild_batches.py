"""Which plants are judged together, and as of which day, when everything is made anew."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

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

    Unless `anew`, a plant is judged as the last night that got through with it did: with the plants that changed with it, as of that
    day. The others are judged as of `as_of`, `size` at a time, and with `anew` all are.
    """
    with control.read() as session:
        deposits = latest_deposits(session)
        wanted = set(deposits["plant_id"])
        newest = deposits.groupby("plant_id")["received_at"].max().to_dict()
        groups: list[Group] = []
        found: set[str] = set()
        nights = [] if anew else runs(session, "nightly").to_dict("records")[::-1]
        for night in nights:
            if found == wanted:
                break
            outcomes = plant_outcomes(session, night["id"])
            good = set(outcomes.loc[outcomes["status"] == "ok", "plant_id"]) & wanted - found
            if not good or not night["ended_at"]:
                continue
            made = steps(session, night["id"])
            for plants in made.loc[made["step"] == "judge"].sort_values(["batch", "attempt"])["plants"]:
                here = good.intersection(json.loads(plants)) - found
                if here:
                    groups.append(Group(tuple(sorted(here)), date.fromisoformat(night["as_of"])))
                    found |= here
            late = {plant for plant in found & good if newest[plant] > night["ended_at"]}
            groups = [_without(group, late) for group in groups]
            found |= good
            wanted -= late
    unjudged = frozenset(newest) - {plant for group in groups for plant in group.plants}
    rest = sorted(unjudged)
    for start in range(0, len(rest), size):
        groups.append(Group(tuple(rest[start : start + size]), as_of))
    return Plan(tuple(group for group in groups if group.plants), unjudged if not anew else frozenset())


def _without(group: Group, plants: Collection[str]) -> Group:
    return Group(tuple(plant for plant in group.plants if plant not in plants), group.as_of)
