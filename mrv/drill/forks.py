"""A fork server: one process that has loaded everything forks a child for each deed, and reads what the child acknowledges."""

import json
import os
import random
import select
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Tell = Callable[[str, Any], None]
Deed = Callable[[Tell], None]


@dataclass
class Life:
    """What a child told before it ended. `acknowledged` : kind and content of each acknowledgement, in order."""

    started: bool = False
    finished: bool = False
    killed: bool = False
    failure: str = ""
    acknowledged: list[tuple[str, Any]] = field(default_factory=list)

    def last(self, kind: str) -> Any:
        """The last thing told of a kind; None when there was none."""
        return next((content for name, content in reversed(self.acknowledged) if name == kind), None)


def live(deed: Deed, kill_after: float | None = None) -> Life:
    """Forks a child that does a deed; with `kill_after` [s from its start] it is killed then, if it still lives.

    Must be called from a process without threads. An acknowledgement counts once its whole line has come.
    """
    child, reading = _begun(deed)
    text = b""
    try:
        if kill_after is not None:
            while b"\n" not in text and (
                part := os.read(reading, 1 << 16)
            ):  # a kill before the start would tell nothing
                text += part
            # The child may end meanwhile; killing it is then without effect.
            select.select([], [], [], kill_after)
            os.kill(child, signal.SIGKILL)
        while part := os.read(reading, 1 << 16):
            text += part
    finally:
        os.close(reading)
        _, status = os.waitpid(child, 0)
    return _life(text, status)


def together(deeds: Sequence[Deed]) -> list[Life]:
    """Forks a child for each deed, lets them begin at one moment, and waits for all; what each told, in the order of the deeds.

    Must be called from a process without threads.
    """
    gate, key = os.pipe()  # the gate is shut as long as somebody holds the key
    children: list[tuple[int, int]] = []
    texts: dict[int, bytes] = {}
    statuses: list[int] = []
    try:
        for deed in deeds:
            child, reading = _begun(_behind(gate, deed), key)
            children.append((child, reading))
            texts[reading] = os.read(reading, 1)  # it stands at the gate
        os.close(key)
        waiting = set(texts)
        while waiting:
            for reading in select.select(waiting, [], [])[0]:
                part = os.read(reading, 1 << 16)
                texts[reading] += part
                if not part:
                    waiting.remove(reading)
    except BaseException:
        for child, _ in children:
            os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(gate)
        for child, reading in children:
            os.close(reading)
            statuses.append(os.waitpid(child, 0)[1])
    return [_life(texts[reading], status) for (_, reading), status in zip(children, statuses, strict=True)]


def _begun(deed: Deed, *shut: int) -> tuple[int, int]:
    """A forked child at its deed, which holds none of the descriptors `shut`: its number, and the pipe to read what it tells."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        for descriptor in (reading, *shut):
            os.close(descriptor)
        _child(deed, writing)
    os.close(writing)
    return child, reading


def all_finished(lives: Sequence[Life]) -> None:
    """RuntimeError with the first failure when a child did not come to its end."""
    failed = [life.failure for life in lives if not life.finished]
    if failed:
        raise RuntimeError(f"{len(failed)} of {len(lives)} workers failed: {failed[0]}")


def _behind(gate: int, deed: Deed) -> Deed:
    def act(tell: Tell) -> None:
        os.read(gate, 1)
        deed(tell)

    return act


def _life(text: bytes, status: int) -> Life:
    life = Life(killed=os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL)
    for line in text.split(b"\n")[:-1]:
        kind, content = json.loads(line)
        if kind == "started":
            life.started = True
        elif kind == "finished":
            life.finished = True
        elif kind == "failed":
            life.failure = content
        else:
            life.acknowledged.append((kind, content))
    return life


def _child(deed: Deed, writing: int) -> None:
    def tell(kind: str, content: Any) -> None:
        line = json.dumps([kind, content], ensure_ascii=False).encode() + b"\n"
        while line:
            line = line[os.write(writing, line) :]

    status = 1
    try:
        random.seed()
        tell("started", None)
        deed(tell)
        tell("finished", None)
        status = 0
    except BaseException:
        tell("failed", traceback.format_exc())
    finally:
        os._exit(status)
