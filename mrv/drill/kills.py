"""The kill drill: a deed is killed at one point after another, and each time the home must be whole and able to go on."""

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mrv.drill.forks import Tell, live
from mrv.drill.homes import Homes
from mrv.drill.points import Points
from mrv.drill.scenes import deed, files_of
from mrv.drill.state import inbox_holds


@dataclass(frozen=True)
class Point:
    """Where to kill: at the `number`-th lasting deed, or, when that is 0, after a share of the time of the whole."""

    action: str
    number: int
    share: float = 0.0


@dataclass
class Outcome:
    """What came of one point. `counted`: whether the child had begun; `killed`: whether it was caught before its end."""

    point: Point
    counted: bool
    killed: bool
    acknowledged: int
    wrong: list[str] = field(default_factory=list)


class KillDrill(Homes):
    """Kills deeds in copies of homes. To be used from a process without threads, which it stays."""

    def kill(self, point: Point) -> Outcome:
        """Kills one deed at one point, looks at the home, does the deed again and looks once more."""
        path, whole = self.copy(point.action), self.whole[point.action]

        def killed(tell: Tell) -> None:
            Points(point.number).install()
            deed(path, point.action)(tell)

        life = live(killed, None if point.number else point.share * whole.seconds)
        outcome = Outcome(point, life.started, life.killed, len(life.acknowledged))
        if life.failure:
            outcome.wrong.append(f"failed rather than killed: {life.failure}")

        lying = [data for _, data in files_of(point.action)] if point.action == "nightly" else []
        outcome.wrong += self.once_more(point.action, path, life.acknowledged, lambda: inbox_holds(path, lying))
        return outcome

    def last(self, action: str, label: str) -> Point:
        """The last moment of an action that bears a label. ValueError when there is none."""
        labels = self.whole[action].labels
        return Point(action, len(labels) - labels[::-1].index(label))

    def points(self, share: dict[str, int], seed: int) -> list[Point]:
        """As many points as asked for of each action: every labelled one once, as far as they go, the rest at random moments.

        Where fewer are asked for than there are, they are drawn: half labelled, half random moments.
        """
        draw, result = random.Random(seed), []
        for action, asked in share.items():
            moments = len(self.whole[action].labels)
            labelled = min(moments, asked if asked >= 2 * moments else (asked + 1) // 2)
            numbers = sorted(draw.sample(range(1, moments + 1), labelled))
            result += [Point(action, number) for number in numbers]
            result += [Point(action, 0, draw.random()) for _ in range(asked - labelled)]
        return result


def record(outcomes: Iterable[Outcome], path: Path) -> Iterator[Outcome]:
    """Passes outcomes on and appends each to a file of JSON lines, so that a drill may be taken up again."""
    with path.open("a", encoding="utf-8") as handle:
        for outcome in outcomes:
            handle.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
            handle.flush()
            yield outcome


def recorded(path: Path) -> list[Outcome]:
    """What earlier sittings of a drill recorded; a line that was cut short is passed over."""
    found = []
    for line in path.read_bytes().split(b"\n")[:-1] if path.is_file() else []:
        entry = json.loads(line)
        found.append(Outcome(Point(**entry.pop("point")), **entry))
    return found


def summary(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    """By action: points counted, caught before their end, acknowledgements given, points at which something was wrong."""
    result: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        if outcome.counted:
            entry = result.setdefault(outcome.point.action, Counter(points=0, killed=0, acknowledged=0, failed=0))
            entry["points"] += 1
            entry["killed"] += outcome.killed
            entry["acknowledged"] += outcome.acknowledged
            entry["failed"] += bool(outcome.wrong)
    return {action: dict(entry) for action, entry in sorted(result.items())}
