"""What a home must hold after any sequence of deeds, in plain Python that knows nothing of the program: the book it is held against.

A deed is a `Call` upon files. `Book.stages` tells the states a home goes through while the call is carried out: a process that is
killed must leave one of them. What is in a file was said by whoever made it, so that nothing has to be read out of bytes here.
"""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

Key = tuple[str, str]  # plant, month
Row = tuple[str, ...]
TABLES = ("parameter", "evidence")
LATE = 100 * 24 * 60  # minutes


@dataclass(frozen=True)
class Paper:
    """A file somebody sends. `rows`: what it says, by month and table; no months: bytes that are no filing at all."""

    name: str
    data: bytes
    rows: tuple[tuple[Key, tuple[frozenset[Row], frozenset[Row]]], ...] = ()
    attachments: tuple[tuple[str, bytes], ...] = ()
    complete: bool = True

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.name)  # so that a failing sequence can be read

    def __repr__(self) -> str:
        return self.name

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def keys(self) -> list[Key]:
        return [key for key, _ in self.rows]

    def rows_of(self, key: Key, table: str) -> frozenset[Row]:
        """What it says of a month in one table, each row with the file it stands in."""
        return frozenset((self.sha256, *row) for row in dict(self.rows)[key][TABLES.index(table)])


@dataclass(frozen=True)
class Call:
    """Files sent at once, and what is said of them. `late`: after the deadline; `filed`: to be deposited, not just acknowledged."""

    papers: tuple[Paper, ...]
    reason: str = ""
    late: bool = False
    returned: str = ""
    reinstate: bool = False
    filed: bool = True

    def minute(self, number: int) -> int:
        """When it comes, as the deed of a number: a late one comes a hundred days later, after every deadline."""
        return number + LATE * self.late


@dataclass(frozen=True)
class Leaf:
    """An entry of the log: acknowledged bytes, or a version of a month. No two that were ever made are equal."""

    paper: Paper
    at: int
    key: Key | None = None
    version: int = 0
    reason: str = ""
    returned: str = ""


@dataclass(frozen=True)
class Answer:
    """What is said of one month of one file. `word`: new, same, superseded, or why it was declined."""

    sha256: str
    key: Key
    word: str
    version: int = 0


@dataclass(frozen=True)
class Book:
    """The state of a home.

    log : entries in order ; lake : month → the file whose rows are there ; behind : months whose rows may be those of any version,
    because a process was killed over them ; receipts : hash, or month and version, → the receipt that was given
    """

    log: tuple[Leaf, ...] = ()
    lake: dict[Key, Paper] = field(default_factory=dict)
    behind: frozenset[Key] = frozenset()
    receipts: dict[Any, Any] = field(default_factory=dict)

    def versions(self, key: Key) -> list[Leaf]:
        return [leaf for leaf in self.log if leaf.key == key]

    def months(self) -> list[Key]:
        return sorted({leaf.key for leaf in self.log if leaf.key is not None})

    def received(self) -> set[str]:
        return {leaf.paper.sha256 for leaf in self.log if leaf.key is None}

    def stages(self, call: Call, at: int) -> tuple[list["Book"], list[Answer]]:
        """The states while a call is carried out, from this one to its end, file by file and month by month; and what is answered."""
        found, answers, at = [self], [], call.minute(at)
        for paper in call.papers:
            found.append(found[-1]._with_received(paper, at))
        for wave in waves(call.papers) if call.filed else []:
            told = [
                (paper, answer)
                for paper in sorted(wave, key=lambda paper: paper.name)
                for answer in found[-1]._answers(paper, call)
            ]
            for paper, answer in told:
                found.append(found[-1]._with_deposit(paper, answer, call, at))
            answers += [answer for _, answer in told]
        return found, answers

    def _with_received(self, paper: Paper, at: int) -> "Book":
        return self if paper.sha256 in self.received() else replace(self, log=(*self.log, Leaf(paper, at)))

    def _answers(self, paper: Paper, call: Call) -> list[Answer]:
        return [self._answer(paper, key, call) for key in sorted(paper.keys)]

    def _answer(self, paper: Paper, key: Key, call: Call) -> Answer:
        held = self.versions(key)
        for leaf in reversed(held):
            if leaf.paper.sha256 == paper.sha256:
                if leaf is held[-1]:
                    return Answer(paper.sha256, key, "same", leaf.version)
                if not call.reinstate:
                    return Answer(paper.sha256, key, "superseded", leaf.version)
        if held and not call.reason.strip():
            return Answer(paper.sha256, key, "reason_needed")
        if held and call.returned and call.returned in {leaf.returned for leaf in held}:
            return Answer(paper.sha256, key, "return_spent")
        if held and call.late and not call.returned:
            return Answer(paper.sha256, key, "return_needed")
        return Answer(paper.sha256, key, "new", len(held) + 1)

    def _with_deposit(self, paper: Paper, answer: Answer, call: Call, at: int) -> "Book":
        book = self
        if answer.word == "new":
            returned = call.returned if answer.version > 1 else ""
            made = Leaf(paper, at, answer.key, answer.version, call.reason.strip(), returned)
            book = replace(book, log=(*book.log, made))
        if answer.word in ("new", "same"):
            book = replace(book, lake={**book.lake, answer.key: paper}, behind=book.behind - {answer.key})
        return book

    def killed(self, call: Call, at: int, leaves: int) -> "Book":
        """The state in which a killed call left so many entries; AssertionError when it passes through none such."""
        stages, _ = self.stages(call, at)
        for book in stages:
            if len(book.log) == leaves:
                touched = {key for paper in call.papers for key in paper.keys} if call.filed else set()
                return replace(book, lake=self.lake, behind=self.behind | touched)
        raise AssertionError(f"killed between two states: {leaves} entries, not {[len(book.log) for book in stages]}")

    def acknowledged(self, told: dict[Any, Any]) -> "Book":
        """With receipts that were given; AssertionError when another was given before."""
        for name, receipt in told.items():
            assert self.receipts.get(name, receipt) == receipt, f"another receipt than before: {name}"
        return replace(self, receipts={**self.receipts, **told})

    def in_lake(self, key: Key, table: str) -> list[frozenset[Row]]:
        """The rows that may be in a table of the lake for a month: one possibility, but where a kill left it behind."""
        now = self.lake[key].rows_of(key, table) if key in self.lake else frozenset()
        if key not in self.behind:
            return [now]
        return [now, *(leaf.paper.rows_of(key, table) for leaf in self.versions(key))]


def waves(papers: tuple[Paper, ...]) -> list[list[Paper]]:
    """Files in the groups that are kept together; no two of a group speak of the same month."""
    result: list[list[Paper]] = []
    last: dict[Key, int] = {}
    for paper in papers:
        wave = max((last[key] + 1 for key in paper.keys if key in last), default=0)
        if paper.keys:
            result += [[] for _ in range(wave + 1 - len(result))]
            result[wave].append(paper)
            last |= dict.fromkeys(paper.keys, wave)
    return result
