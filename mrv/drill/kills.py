"""The kill drill: a deed is killed at one point after another, and each time the home must be whole and able to go on."""

import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from emission_factors.rule_sets import rule_sets_of
from mrv.drill.forks import Life, Tell, live
from mrv.drill.memory import Memory
from mrv.drill.points import Points
from mrv.drill.scenes import ACTIONS, create, deed, files_of, prepare
from mrv.drill.state import digests, inbox_holds, missing
from mrv.ledger import signing
from mrv.screening.catalogue import catalogue

Fresh = Callable[
    [str], str
]  # the address of a new control store like the one made for an action; empty: the SQLite file


def only_files(action: str) -> str:
    """The control store is the SQLite file in the home, which is copied with it."""
    return ""


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


@dataclass
class Whole:
    """How a deed goes when nobody kills it."""

    moments: int
    labels: dict[str, int]
    seconds: float
    acknowledged: list[tuple[str, Any]]
    digests: dict[str, str]


class KillDrill:
    """Homes made once and copied for each point. To be used from a process without threads, which it stays.

    folder : for the homes ; fresh : control stores other than SQLite, one for each copy
    """

    def __init__(self, folder: Path, fresh: Fresh = only_files, actions: Iterable[str] = ACTIONS) -> None:
        self.folder, self.fresh = folder, fresh
        self.memory = Memory()
        self.memory.install()
        # Loaded once here rather than once in each child.
        catalogue()
        rule_sets_of("power")
        # One signature of two: the other is made by a command of the system and differs each time, so that homes could not be
        # compared byte for byte.
        signing.sm2_available = lambda: False  # type: ignore[assignment]
        self.whole = {action: self._learn(action) for action in actions}

    def _learn(self, action: str) -> Whole:
        base, address = self.folder / action, self.fresh(action)

        def build(tell: Tell) -> None:
            create(base, address)
            prepare(base, action)
            self._teach(tell)

        self._good(live(build))
        self._good(live(self._measured(self._copy(action), action)))  # once to learn, once more to measure
        path = self._copy(action)
        life = self._good(live(self._measured(path, action)))
        told = [entry for entry in life.acknowledged if entry[0] not in ("learned", "moments")]
        again = self._good(live(self._looked_at(path, told)))
        if again.last("wrong"):
            raise RuntimeError(f"{action} goes wrong even when nobody kills it: {again.last('wrong')}")
        facts = life.last("moments")
        return Whole(facts["seen"], facts["labels"], facts["seconds"], told, again.last("digests"))

    def _good(self, life: Life) -> Life:
        if not life.finished:
            raise RuntimeError(f"a child of the drill failed: {life.failure}")
        self._learned(life)
        return life

    def _learned(self, life: Life) -> None:
        for kind, content in life.acknowledged:
            if kind == "learned":
                self.memory.learned |= {key: bytes.fromhex(answer) for key, answer in content.items()}

    def _teach(self, tell: Tell) -> None:
        tell("learned", {key: answer.hex() for key, answer in self.memory.new.items()})

    def _measured(self, path: Path, action: str) -> Callable[[Tell], None]:
        def act(tell: Tell) -> None:
            points, began = Points(), time.monotonic()
            points.install()
            deed(path, action)(tell)
            tell("moments", {"seen": points.seen, "labels": points.labels, "seconds": time.monotonic() - began})
            self._teach(tell)

        return act

    def _looked_at(self, path: Path, acknowledged: list[tuple[str, Any]]) -> Callable[[Tell], None]:
        def act(tell: Tell) -> None:
            tell("wrong", missing(path, acknowledged))
            tell("digests", digests(path))
            self._teach(tell)

        return act

    def _copy(self, action: str) -> Path:
        target = self.folder / f"{action}.copy"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.folder / action, target)
        address = self.fresh(action)
        if address:
            settings = target / "tanheng.toml"
            settings.write_text(
                "".join(
                    f'database_url = "{address}"\n' if line.startswith("database_url") else f"{line}\n"
                    for line in settings.read_text(encoding="utf-8").splitlines()
                ),
                encoding="utf-8",
            )
        return target

    def kill(self, point: Point) -> Outcome:
        """Kills one deed at one point, looks at the home, does the deed again and looks once more."""
        path, whole = self._copy(point.action), self.whole[point.action]

        def killed(tell: Tell) -> None:
            Points(point.number).install()
            deed(path, point.action)(tell)

        life = live(killed, None if point.number else point.share * whole.seconds)
        outcome = Outcome(point, life.started, life.killed, len(life.acknowledged))
        if life.failure:
            outcome.wrong.append(f"failed rather than killed: {life.failure}")

        def after(tell: Tell) -> None:
            wrong = missing(path, life.acknowledged)
            wrong += inbox_holds(
                path, [data for _, data in files_of(point.action)] if point.action == "nightly" else []
            )
            tell("wrong", wrong)
            deed(path, point.action)(lambda kind, content: tell("again", [kind, content]))
            tell("digests", digests(path))
            self._teach(tell)

        looked = live(after)
        if not looked.finished:
            outcome.wrong.append(f"not able to go on: {looked.failure}")
            return outcome
        self._learned(looked)
        outcome.wrong += looked.last("wrong")
        told = [tuple(content) for kind, content in looked.acknowledged if kind == "again"]
        if told != whole.acknowledged:
            outcome.wrong.append("the deed done again acknowledged something else")
        ended = looked.last("digests")
        outcome.wrong += [
            f"ends otherwise: {name}"
            for name in sorted(ended.keys() | whole.digests.keys())
            if ended.get(name) != whole.digests.get(name)
        ]
        return outcome

    def points(self, share: dict[str, int], seed: int) -> list[Point]:
        """As many points as asked for of each action: every labelled one once, as far as they go, the rest at random moments.

        Where fewer are asked for than there are, they are drawn: half labelled, half random moments.
        """
        draw, result = random.Random(seed), []
        for action, asked in share.items():
            moments = self.whole[action].moments
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
