"""One file from many clients at once: processes that begin at one moment, and what they were told must be the same."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from mrv.drill.databases import Databases, NoServer
from mrv.drill.figures import Figure
from mrv.drill.folders import scratch
from mrv.drill.forks import Deed, Life, Tell, live, together
from mrv.drill.homes import Fresh, Homes, only_files
from mrv.drill.scenes import AS_OF, AT, FEBRUARY, FIRST, SCANNED, packed_file, scanned_file
from mrv.drill.state import leftovers, missing
from mrv.ledger.canonical import canonical
from mrv.pipeline.deposit import submit
from mrv.pipeline.opening import opened
from mrv.pipeline.receive import File, receive
from mrv.storage.deposits import latest_deposits
from mrv.storage.lake import Lake
from mrv.storage.ledger import size_of

CLIENTS, TIMES = 20, 5
SAME: Sequence[File] = [(f"{FIRST}-{FEBRUARY}.zip", scanned_file(FIRST, FEBRUARY))]
TWO: Sequence[File] = [
    (f"{FIRST}-{FEBRUARY}{change.strip()}.zip", packed_file(FIRST, FEBRUARY, change)) for change in ("", "\n")
]


@dataclass
class Round:
    """One round: how many submissions were answered, and what was wrong with the answers or the home."""

    submissions: int
    versions: int = 0
    wrong: list[str] = field(default_factory=list)


class Clients:
    """Rounds on copies of one home. To be used from a process without threads, which it stays.

    folder : for the homes ; fresh : control stores other than SQLite, one for each copy
    """

    def __init__(self, folder: Path, fresh: Fresh = only_files) -> None:
        self.homes = Homes(folder, fresh, [SCANNED])
        self._rehearsed: set[str] = set()

    def same(self, clients: int = CLIENTS, times: int = TIMES) -> Round:
        """Every client submits one file so many times."""
        self._rehearse("same", [*SAME, *SAME])
        path = self.homes.copy(SCANNED)
        before = leaves(path)
        lives = self._together([self._client(path, number, list(SAME) * times) for number in range(clients)])
        told = acknowledged(lives)
        result = Round(clients * times, 1, faults(lives, told, clients * times))
        deposits = [content for kind, content in told if kind == "deposit"]
        if len({content["id"] for content in deposits}) != 1:
            result.wrong.append("not one deposit")
        if sum(content["outcome"] == "new" for content in deposits) != 1:
            result.wrong.append("not one that was the first")
        result.wrong += self._kept(path, told, before + 2)
        return result

    def corrected(self, clients: int = CLIENTS, times: int = TIMES) -> Round:
        """Clients submit two different files for one month by turns, and every other client makes superseded bytes the version in force
        again."""
        for name, files in (("first", [*TWO, *TWO]), ("second", [*reversed(TWO), *reversed(TWO)])):
            self._rehearse(name, files)
        path = self.homes.copy(SCANNED)
        before = leaves(path)
        turns = [[TWO[(number + turn) % 2] for turn in range(times)] for number in range(clients)]
        lives = self._together(
            [self._client(path, number, files, number % 2 == 0) for number, files in enumerate(turns)]
        )
        told = acknowledged(lives)
        made = sorted(content["version"] for kind, content in told if kind == "deposit" and content["outcome"] == "new")
        result = Round(clients * times, len(made), faults(lives, told, clients * times))
        if made != list(range(1, len(made) + 1)):
            result.wrong.append(f"versions with gaps: {made}")
        result.wrong += self._kept(path, told, before + len(TWO) + len(made))
        return result

    def _rehearse(self, name: str, files: Sequence[File]) -> None:
        """Has one client alone do it once, so that those of a round need not judge and truly meet where they keep what they filed."""
        if name not in self._rehearsed:
            self.homes.good(live(self._client(self.homes.copy(SCANNED), 0, files, reinstate=True)))
            self._rehearsed.add(name)

    def _together(self, clients: Sequence[Deed]) -> list[Life]:
        lives = together(clients)
        for life in lives:
            self.homes.learn(life)
        return lives

    def _client(self, path: Path, number: int, files: Sequence[File], reinstate: bool = False) -> Deed:
        """A client that submits files one after the other, opening the home for each as the command does."""
        at, who = AT + timedelta(seconds=number), f"填报员{number}"

        def act(tell: Tell) -> None:
            for file in files:
                with opened(path) as (home, control):
                    for one in receive(home, control, [file], at, who):
                        tell("received", {"sha256": one.sha256, "receipt": one.receipt})
                    outcome = submit(home, control, [file], at, who, AS_OF, "煤样复检", reinstate)
                    for stopped in outcome.stopped:
                        tell("stopped", stopped.message)
                    for made in outcome.submissions:
                        facts = {name: getattr(made.deposited, name) for name in ("id", "version", "outcome")}
                        tell("deposit", {**facts, "receipt": made.proof})
            self.homes.teach(tell)

        return act

    def _kept(self, path: Path, told: list[tuple[str, Any]], expected: int) -> list[str]:
        """What is wrong with the home afterwards: everything told must be in it once, and nothing else."""
        once = {canonical([kind, content["receipt"]]): (kind, content) for kind, content in told}

        def act(tell: Tell) -> None:
            tell("wrong", missing(path, list(once.values())))
            tell("leaves", leaves(path))
            tell("rows", rows_not_in_force(path))
            tell("left", leftovers(path))

        looked = live(act)
        if not looked.finished:
            return [f"not to be looked at: {looked.failure}"]
        wrong = [*looked.last("wrong"), *looked.last("rows"), *(f"left behind: {name}" for name in looked.last("left"))]
        if looked.last("leaves") != expected:
            wrong.append(f"{looked.last('leaves')} leaves instead of {expected}")
        return wrong


def acknowledged(lives: Iterable[Life]) -> list[tuple[str, Any]]:
    """The receipts that clients were given."""
    return [entry for life in lives for entry in life.acknowledged if entry[0] in ("received", "deposit")]


def faults(lives: Iterable[Life], told: list[tuple[str, Any]], expected: int) -> list[str]:
    """Errors of clients, submissions that were not answered, and answers that differ where they must be the same."""
    wrong = [f"a client failed: {life.failure}" for life in lives if not life.finished]
    wrong += [f"stopped: {content}" for life in lives for kind, content in life.acknowledged if kind == "stopped"]
    counted = Counter(kind for kind, _ in told)
    wrong += [
        f"{counted[kind]} {kind} instead of {expected}" for kind in ("received", "deposit") if counted[kind] != expected
    ]
    return wrong + disagreements(told)


def disagreements(told: Iterable[tuple[str, Any]]) -> list[str]:
    """Files and deposits for which there were different receipts, byte by byte, or different versions."""
    answers: dict[str, set[bytes]] = {}
    for kind, content in told:
        subject = f"{kind} {content['sha256' if kind == 'received' else 'id']}"
        answers.setdefault(subject, set()).add(canonical([content["receipt"], content.get("version", 0)]))
    return [f"{len(found)} different answers: {subject}" for subject, found in answers.items() if len(found) > 1]


def leaves(path: Path) -> int:
    """How many leaves the log of a home has."""
    with opened(path) as (_, control), control.read() as session:
        return size_of(session)


def rows_not_in_force(path: Path) -> list[str]:
    """Rows of the lake that are from another file than the version in force of the month that the clients filed."""
    with opened(path) as (home, control):
        with control.read() as session:
            held = latest_deposits(session, [FIRST], [FEBRUARY])["sha256"].tolist()
        rows = Lake(home.lake).read("parameter", None, [FIRST], [FEBRUARY])["file_sha256"].unique().tolist()
    return [] if rows == held else [f"the lake holds rows of {rows}, in force is {held}"]


def rounds(clients: Clients, store: str, number: int, corrected: int) -> Iterator[tuple[str, Round]]:
    """So many rounds of one file and of two, each with the name under which it counts."""
    for _ in range(number):
        yield store, clients.same()
    for _ in range(corrected):
        yield f"{store} with corrections", clients.corrected()


def run(points: int, results: Path, workers: int) -> Figure:
    """The figure of about so many submissions, half on SQLite and half on PostgreSQL where one answers; every tenth round has
    corrections. The number of processes is that of the clients."""
    each = points // (2 * CLIENTS * TIMES)
    corrected = each // 10
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for store, fresh in stores():
        with fresh as made, scratch() as folder:
            clients = Clients(Path(folder), made.fresh if made else only_files)
            for name, result in rounds(clients, store, each - corrected, corrected):
                counts[name] += result.submissions
                counts["versions by corrections"] += result.versions if "corrections" in name else 0
                wrong += [f"{name}: {problem}" for problem in result.wrong]
    trials = sum(number for name, number in counts.items() if name != "versions by corrections")
    return Figure("duplicates", trials, wrong, dict(counts))


def stores() -> Iterator[tuple[str, AbstractContextManager[Databases | None]]]:
    """SQLite, and PostgreSQL where one answers."""
    yield "SQLite", nullcontext()
    try:
        yield "PostgreSQL", Databases()
    except NoServer as reason:
        sys.stderr.write(f"{reason}\n")
