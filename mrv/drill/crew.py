"""The trials of a drill, shared out over processes."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def shared_out(work: Callable[[Part], Result], parts: Sequence[Part], workers: int) -> list[Result]:
    """What `work` makes of each part, in their order; what it raises is raised here, and so is the death of a process.

    work : a function of a module, or a `partial` of one. All processes are forked before there is a thread; a single worker is this
    process itself.
    """
    if workers == 1:
        return [work(part) for part in parts]
    with ProcessPoolExecutor(workers, get_context("fork")) as pool:
        return list(pool.map(work, parts))
