"""A real disk that is full after one page more each time: refused in words or done, nothing torn, and the same works once there is
room."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mrv.drill.figures import Figure
from mrv.drill.folders import scratch
from mrv.drill.forks import Deed, Tell, all_finished, live, together
from mrv.drill.homes import Homes
from mrv.drill.scenes import SCANNED, deed
from mrv.drill.small_disk import PAGE, NotPermitted, SmallDisk
from mrv.drill.state import leftovers, missing
from mrv.storage.durable import DiskFull

SHARE = {SCANNED: 0.6, "nightly": 0.2, "publish": 0.2}
SIZE = 16 << 20  # bytes of the disk
PLACES = ("evidence", "lake", "published", "inbox")
STORE = "control store"


@dataclass
class Trial:
    """One action with so many pages free. `place`: what had no room, empty when it was done; `readable`: the full home could be read."""

    action: str
    pages: int
    place: str = ""
    readable: bool = True
    wrong: list[str] = field(default_factory=list)


class FullDisk:
    """Copies of homes on a small disk with so many pages free. To be used from a process without threads.

    homes : what is copied ; disk : where to
    """

    def __init__(self, homes: Homes, disk: SmallDisk) -> None:
        self.homes, self.disk = homes, disk

    def attempt(self, action: str, pages: int) -> Trial:
        """Does an action with so many pages free, looks at the home on the full disk, makes room, does it again and looks once more."""
        trial, path = Trial(action, pages), self._laid(action, pages)
        life = live(_refusable(deed(path, action)))
        refusal = life.last("refused")
        told = [entry for entry in life.acknowledged if entry[0] != "refused"]
        if not life.finished:
            trial.wrong.append(f"no words: {life.failure}")
        if refusal:
            trial.place = place_of(refusal["where"], path)
            trial.wrong += [f"left behind: {name}" for name in leftovers(path)]
        self._look(trial, path, told)
        self.disk.make_room()
        trial.wrong += self.homes.once_more(action, path, told)
        return trial

    def _look(self, trial: Trial, path: Path, told: list[tuple[str, Any]]) -> None:
        """On the full disk: whole as far as it can be read, and told in words where it cannot."""
        looked = live(_refusable(lambda tell: tell("wrong", missing(path, told))))
        trial.readable = looked.last("refused") is None
        if not looked.finished:
            trial.wrong.append(f"not to be looked at while full: {looked.failure}")
        trial.wrong += [f"while full: {problem}" for problem in looked.last("wrong") or []]

    def _laid(self, action: str, pages: int) -> Path:
        self.disk.empty()
        path = self.homes.copy(action, self.disk.root)
        self.disk.leave(pages)
        return path

    def need(self, action: str) -> int:
        """The least number of free pages with which an action is done, by halving."""
        low, high = 0, self.disk.free()
        while low < high:
            middle = (low + high) // 2
            path = self._laid(action, middle)
            if live(_refusable(deed(path, action))).last("refused"):
                low = middle + 1
            else:
                high = middle
        return low


def _refusable(act: Deed) -> Deed:
    """The deed, whose refusal is told rather than a failure."""

    def refusable(tell: Tell) -> None:
        try:
            act(tell)
        except DiskFull as fault:
            if "磁盘空间不足" not in fault.zh or "disk is full" not in fault.en:
                raise
            tell("refused", {"where": fault.en})

    return refusable


def place_of(words: str, home: Path) -> str:
    """Which part of a home had no room, by the path in the words."""
    return next((name for name in PLACES if f"{home}/{name}" in words), STORE)


def offsets(need: int, asked: int) -> list[int]:
    """Up to so many different numbers of free pages from none to `need`: all of them, or closer together where pages are few."""
    if asked > need:
        return list(range(need + 1))
    found = [0]
    for number in range(1, asked):
        found.append(max(found[-1] + 1, need * number**2 // (asked - 1) ** 2))
    return found


def trials(folder: Path, asked: dict[str, int], workers: int) -> list[Trial]:
    """Runs so many offsets of each action, each worker on a disk of its own.

    NotPermitted where nothing may be mounted, RuntimeError when a worker fails as a whole.
    """
    _try_to_mount(folder / "probe")
    homes = Homes(folder, actions=asked)

    def share(worker: int) -> Deed:
        def act(tell: Tell) -> None:
            root = folder / f"disk-{worker}"
            root.mkdir()
            with SmallDisk(root, SIZE) as disk:
                drill = FullDisk(homes, disk)
                for action, number in asked.items():
                    for pages in offsets(drill.need(action), number)[worker::workers]:
                        tell("trial", asdict(drill.attempt(action, pages)))

        return act

    lives = together([share(worker) for worker in range(workers)])
    all_finished(lives)
    return [Trial(**content) for life in lives for kind, content in life.acknowledged if kind == "trial"]


def _try_to_mount(root: Path) -> None:
    def act(tell: Tell) -> None:
        with SmallDisk(root, PAGE):
            pass

    root.mkdir()
    life = live(act)
    if not life.finished:
        raise NotPermitted(life.failure.splitlines()[-1])


def figure_of(done: Iterable[Trial]) -> Figure:
    """The figure of trials: by action how many were refused and done, and by place what had no room."""
    counts: Counter[str] = Counter()
    wrong = []
    for number, trial in enumerate(done, start=1):
        name = "submit" if trial.action == SCANNED else trial.action
        counts["trials"] = number
        counts[f"{name} refused" if trial.place else f"{name} done"] += 1
        counts[f"no room for {trial.place}"] += bool(trial.place)
        counts["readable while full"] += bool(trial.place) and trial.readable
        wrong += [f"{name} with {trial.pages} pages: {problem}" for problem in trial.wrong]
    number = counts.pop("trials", 0)
    return Figure("disk-full", number, wrong, {name: count for name, count in sorted(counts.items()) if count})


def run(points: int, results: Path, workers: int) -> Figure:
    """The figure of a drill of about so many offsets. NotPermitted where nothing may be mounted."""
    with scratch() as folder:
        return figure_of(trials(Path(folder), {name: round(points * part) for name, part in SHARE.items()}, workers))
