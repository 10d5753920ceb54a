"""Homes for a drill: made once for each action, copied for each trial, and how the action goes in them undisturbed."""

import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emission_factors.rule_sets import rule_sets_of
from mrv.drill.forks import Deed, Life, Tell, live
from mrv.drill.memory import Memory
from mrv.drill.points import Points
from mrv.drill.scenes import ACTIONS, create, deed, prepare
from mrv.drill.state import digests, missing
from mrv.ledger import signing
from mrv.screening.catalogue import catalogue
from mrv.storage import migrate

Fresh = Callable[
    [str], str
]  # the address of a new control store like the one made for an action; empty: the SQLite file


def only_files(action: str) -> str:
    """The control store is the SQLite file in the home, which is copied with it."""
    return ""


@dataclass
class Whole:
    """How a deed goes when nothing disturbs it."""

    labels: list[str]  # of each moment, in order
    seconds: float
    acknowledged: list[tuple[str, Any]]
    digests: dict[str, str]


class Homes:
    """Homes made once and copied for each trial. To be used from a process without threads, which it stays.

    folder : for the homes ; fresh : control stores other than SQLite, one for each copy
    """

    def __init__(self, folder: Path, fresh: Fresh = only_files, actions: Iterable[str] = ACTIONS) -> None:
        self.folder, self.fresh = folder, fresh
        self.memory = Memory()
        self.memory.install()
        # Loaded once here rather than once in each child.
        catalogue()
        rule_sets_of("power")
        migrate.head()
        # One signature of two: the other is made by a command of the system and differs each time, so that homes could not be
        # compared byte for byte.
        signing.sm2_available = lambda: False  # type: ignore[assignment]
        self.whole = {action: self._learn(action) for action in actions}

    def _learn(self, action: str) -> Whole:
        base, address = self.folder / action, self.fresh(action)

        def build(tell: Tell) -> None:
            create(base, address)
            prepare(base, action)
            self.teach(tell)

        self.good(live(build))
        self.good(live(self._measured(self.copy(action), action)))  # once to learn, once more to measure
        path = self.copy(action)
        life = self.good(live(self._measured(path, action)))
        told = [entry for entry in life.acknowledged if entry[0] not in ("learned", "moments")]
        again = self.good(live(self._looked_at(path, told)))
        if again.last("wrong"):
            raise RuntimeError(f"{action} goes wrong even when nothing disturbs it: {again.last('wrong')}")
        facts = life.last("moments")
        return Whole(facts["labels"], facts["seconds"], told, again.last("digests"))

    def good(self, life: Life) -> Life:
        """A life that ended well, and what it learned taken over. RuntimeError for another one."""
        if not life.finished:
            raise RuntimeError(f"a child of the drill failed: {life.failure}")
        self.learn(life)
        return life

    def learn(self, life: Life) -> None:
        """Takes over what a child learned by heart."""
        for kind, content in life.acknowledged:
            if kind == "learned":
                self.memory.learned |= {key: bytes.fromhex(answer) for key, answer in content.items()}

    def teach(self, tell: Tell) -> None:
        """In a child: tells what it learned by heart."""
        tell("learned", {key: answer.hex() for key, answer in self.memory.new.items()})

    def _measured(self, path: Path, action: str) -> Deed:
        def act(tell: Tell) -> None:
            points, began = Points(), time.monotonic()
            points.install()
            deed(path, action)(tell)
            tell("moments", {"labels": points.labels, "seconds": time.monotonic() - began})
            self.teach(tell)

        return act

    def _looked_at(self, path: Path, acknowledged: list[tuple[str, Any]]) -> Deed:
        def act(tell: Tell) -> None:
            tell("wrong", missing(path, acknowledged))
            tell("digests", digests(path))
            self.teach(tell)

        return act

    def copy(self, action: str, folder: Path | None = None) -> Path:
        """A fresh copy of the home of an action, in place of the one before; in another directory where one is given."""
        target = (folder or self.folder) / f"{action}.copy"
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

    def once_more(
        self, action: str, path: Path, acknowledged: list[tuple[str, Any]], look: Callable[[], list[str]] = list
    ) -> list[str]:
        """What is wrong with a home whose deed was cut short, and with doing the deed again; empty when nothing is.

        acknowledged : what was told before ; look : what else is to be looked at before the deed is done again
        """

        def act(tell: Tell) -> None:
            tell("wrong", missing(path, acknowledged) + look())
            deed(path, action)(lambda kind, content: tell("again", [kind, content]))
            tell("digests", digests(path))
            self.teach(tell)

        life = live(act)
        self.learn(life)
        if not life.finished:
            return [f"not able to go on: {life.failure}"]
        again = [tuple(content) for kind, content in life.acknowledged if kind == "again"]
        return life.last("wrong") + self._ended_otherwise(action, again, life.last("digests"))

    def _ended_otherwise(self, action: str, acknowledged: list[tuple[str, Any]], ended: dict[str, str]) -> list[str]:
        """In what a deed that was done again differs from one that nothing disturbed; empty when in nothing."""
        whole = self.whole[action]
        wrong = [] if acknowledged == whole.acknowledged else ["the deed done again acknowledged something else"]
        return wrong + [
            f"ends otherwise: {name}"
            for name in sorted(ended.keys() | whole.digests.keys())
            if ended.get(name) != whole.digests.get(name)
        ]
