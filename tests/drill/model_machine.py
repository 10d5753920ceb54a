"""Random sequences of six deeds upon a real home: submit, correct, attach, extend, crash, restore."""

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from mrv.drill.folders import memory_folder
from mrv.drill.forks import Life, Tell, live
from mrv.drill.memory import Memory
from mrv.ledger import signing
from mrv.pipeline import backup, backup_restore, deposit
from mrv.pipeline.opening import opened
from mrv.pipeline.receive import signer_of
from mrv.storage.control import Control
from mrv.storage.home import Home
from mrv.storage.ledger import size_of
from tests.drill.model import Answer, Book, Call
from tests.drill.model_home import Fatal, Point, Seen, carry_out, judged, look, moment
from tests.drill.model_papers import BLOBS, PACKED, PLAIN

RULES = ("submit", "correct", "attach", "extend", "crash", "back_up", "restore")
REASONS = st.sampled_from(["煤样复检", "仪表更正", " "])
COMMITS: st.SearchStrategy[Point] = st.tuples(st.sampled_from(["before commit", "after commit"]), st.integers(1, 6))
POINTS: st.SearchStrategy[Point] = st.one_of(
    st.tuples(st.just(""), st.integers(1, 80)),
    COMMITS,
    st.tuples(st.sampled_from(["after replace", "after unlink", "after rename", "half written"]), st.integers(1, 6)),
)
FILINGS = st.one_of(
    st.sampled_from(PLAIN + PACKED).map(lambda paper: (paper,)),
    st.lists(st.sampled_from(PLAIN + PACKED), min_size=2, max_size=2, unique=True).map(tuple),
)
CORRECTIONS = st.builds(Call, FILINGS, REASONS, st.booleans(), st.sampled_from(["", "退回〔2026〕1号"])) | st.builds(
    Call, st.sampled_from(PLAIN).map(lambda paper: (paper,)), REASONS, reinstate=st.just(True)
)
NOTES = st.lists(st.sampled_from(BLOBS), min_size=1, max_size=4, unique=True).map(tuple)
MESSAGES = st.builds(Call, NOTES, filed=st.just(False))
CALLS = st.builds(Call, FILINGS, st.just("煤样复检")) | CORRECTIONS | MESSAGES


@dataclass(frozen=True)
class Copy:
    """A backup, and the book of the home as it was then."""

    place: Path
    book: Book


class Ground:
    """Where the machine works: a directory in memory, a new home to be copied, and what was counted.

    To be made in a process of its own: parts of the program are put aside for as long as it lasts, and children are forked from it. The
    only threads beside are those of Arrow, idle between its calls, which it makes anew in a child.
    """

    def __init__(self, rules: Collection[str] = RULES, points: st.SearchStrategy[Point] = POINTS) -> None:
        self.rules, self.points = frozenset(rules), points
        self.folder = Path(tempfile.mkdtemp(prefix="model", dir=memory_folder()))
        self.counts, self.number = Counter[str](), 0
        Memory().install()
        # The judgement, and what is read for it alone, takes seconds; SM2 is made by a command of the system. Nothing of it lasts.
        deposit.judge = judged  # type: ignore[assignment]
        for name in ("registers", "_history", "factors_of"):
            setattr(deposit, name, lambda *arguments: {})
        signing.sm2_available = lambda: False  # type: ignore[assignment]
        self.fresh = self.folder / "fresh"
        Home.create(self.fresh)
        with opened(self.fresh) as (home, _):
            signer_of(home)

    def place(self, name: str) -> Path:
        """A path where nothing stands."""
        self.number += 1
        return self.folder / f"{self.number}{name}"


def machine(ground: Ground) -> type[RuleBasedStateMachine]:
    """The machine on a ground."""

    def allowed(name: str) -> Any:
        return precondition(lambda self: name in ground.rules)

    class HomeMachine(RuleBasedStateMachine):
        copies = Bundle("copies")

        def __init__(self) -> None:
            super().__init__()
            ground.counts["sequence"] += 1
            self.book, self.at = Book(), 0
            self.seen: list[Seen] = []
            self.fresh: set[Any] = set()
            self.shaken = False
            self.mine: list[Path] = []
            path = self.new("")
            shutil.copytree(ground.fresh, path)
            self.open(path)

        def new(self, name: str) -> Path:
            self.mine.append(ground.place(name))
            return self.mine[-1]

        def open(self, path: Path) -> None:
            self.home = Home.open(path)
            self.control = Control.open(self.home)

        def teardown(self) -> None:
            self.control.close()
            for path in self.mine:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

        def lived(self, deed: Callable[[Tell], None], point: Point | None) -> Life:
            """Does a deed here, or in a child that is killed at a point."""
            ground.counts["step"] += 1
            if point is None:
                life = Life(started=True, finished=True)
                deed(lambda kind, content: life.acknowledged.append((kind, json.loads(json.dumps(content)))))
                return life
            self.control.close()  # no connection is held over a fork
            self.shaken = True

            def killed(tell: Tell) -> None:
                Fatal(point).install()
                deed(tell)

            life = live(killed)
            assert not life.failure, life.failure
            ground.counts["killed"] += not life.finished
            assert life.finished or life.killed, "a child ended and nobody knows why"
            return life

        def do(self, call: Call, kind: str, point: Point | None = None) -> bool:
            """Carries out a call, or is killed over it; whether it came to its end."""
            self.at += 1
            life = self.lived(lambda tell: carry_out(self.home, self.control, call, self.at, tell), point)
            stages, expected = self.book.stages(call, self.at)
            ground.counts[kind] += 1
            if life.finished:
                self.book = stages[-1]
                answers = [Answer(sha, (plant, month), *rest) for sha, plant, month, *rest in told(life, "answer")]
                assert sorted(answers, key=repr) == sorted(expected, key=repr), f"{answers}, not {expected}"
                ground.counts.update(f"{kind}: {answer.word}" for answer in expected)
                ground.counts[f"{kind}: further version"] += any(
                    answer.word == "new" and answer.version > 1 for answer in expected
                )
            else:
                self.book = self.book.killed(call, self.at, self.leaves())
                states = dict.fromkeys(len(book.log) for book in stages)  # some calls change nothing
                words = ["not at all", *["in part"] * (len(states) - 2), "whole"] if len(states) > 1 else ["no change"]
                ground.counts[f"{kind}: {words[list(states).index(len(self.book.log))]}"] += 1
            receipts = {
                name if isinstance(name, str) else tuple(name): receipt for name, receipt in told(life, "receipt")
            }
            self.fresh |= receipts.keys() - self.book.receipts.keys()
            self.book = self.book.acknowledged(receipts)
            for receipt in receipts.values():
                self.hold(receipt["checkpoint"])
            return life.finished

        def leaves(self) -> int:
            """How many entries the log has."""
            with self.control.read() as session:
                return size_of(session)

        def hold(self, checkpoint: dict[str, Any]) -> None:
            """Keeps a checkpoint outside the home."""
            if all(checkpoint != document for document, _ in self.seen):
                self.seen.append((checkpoint, self.book.log[: checkpoint["size"]]))

        @invariant()
        def whole(self) -> None:
            # A third of the receipts at each step, every one when something happened to the home that no call asked for.
            names = list(self.book.receipts)
            asked = names if self.shaken else names[self.at % 3 :: 3]
            newest = look(self.home, self.control, self.book, self.seen, asked, self.fresh)
            if newest is not None:
                self.hold(newest)
            self.fresh, self.shaken = set(), False

        @allowed("submit")
        @rule(papers=FILINGS)
        def submit(self, papers: Any) -> None:
            self.do(Call(papers), "submit")

        @allowed("correct")
        @rule(call=CORRECTIONS)
        def correct(self, call: Call) -> None:
            self.do(call, "correct")

        @allowed("attach")
        @rule(paper=st.sampled_from(PACKED), reason=REASONS)
        def attach(self, paper: Any, reason: str) -> None:
            self.do(Call((paper,), reason), "attach")

        @allowed("extend")
        @rule(call=MESSAGES)
        def extend(self, call: Call) -> None:
            self.do(call, "extend")

        @allowed("crash")
        @rule(call=CALLS, point=ground.points)
        def crash(self, call: Call, point: Point) -> None:
            self.do(call, "crash", point)

        @allowed("crash")
        @rule(call=CALLS, point=ground.points)
        def crash_and_again(self, call: Call, point: Point) -> None:
            end = self.book.stages(call, 0)[0][-1]
            if self.do(call, "crash", point):
                return
            self.whole()
            self.do(call, "again")
            assert shape(self.book) == shape(end), "done again it ended otherwise"

        @allowed("back_up")
        @rule(target=copies, with_keys=st.booleans(), point=st.none() | ground.points)
        def back_up(self, with_keys: bool, point: Point | None) -> Copy:
            place = self.new(".tar")
            self.copying(
                lambda tell: void(backup.backup(self.home, self.control, place, moment(0), with_keys)),
                place,
                "backup",
                point,
            )
            return Copy(place, self.book)

        @allowed("restore")
        @rule(copy=copies)
        def restore(self, copy: Copy) -> None:
            self.restored(copy, None)

        @allowed("restore")
        @rule(copy=copies, point=ground.points)
        def restore_killed(self, copy: Copy, point: Point) -> None:
            self.restored(copy, point)

        def restored(self, copy: Copy, point: Point | None) -> None:
            """Leaves this home for one made from a backup, and goes on in that."""
            path = self.new("")
            self.copying(lambda tell: void(backup_restore.restore(copy.place, path, {})), path, "restore", point)
            ground.counts["restore: to an earlier state"] += len(self.book.log) > len(copy.book.log)
            self.control.close()
            self.open(path)
            self.shaken = True
            self.book = Book(copy.book.log, receipts=copy.book.receipts)

        def copying(self, act: Callable[[Tell], None], place: Path, kind: str, point: Point | None) -> None:
            """Makes a backup or a home at a place; killed, it has made the whole of it or nothing, and may be done again."""
            ground.counts[kind] += 1
            if not self.lived(act, point).finished:
                ground.counts["crash"] += 1
                ground.counts[f"crash: {kind} {'whole' if place.exists() else 'not at all'}"] += 1
                if not place.exists():
                    self.lived(act, None)
            assert place.exists()

    return HomeMachine


def shape(book: Book) -> Any:
    """What is the same whether something was done at once or in two attempts: everything but the moments."""
    return [(leaf.paper, leaf.key, leaf.version, leaf.reason, leaf.returned) for leaf in book.log]


def told(life: Life, kind: str) -> list[Any]:
    """What was acknowledged of a kind."""
    return [content for name, content in life.acknowledged if name == kind]


def void(result: object) -> None:
    """Nothing; for deeds whose result is looked at on the disk."""
