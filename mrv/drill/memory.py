"""Remembers what the pure steps returned, so that a drill spends its time on what lasts and not on the same sums again.

Reading, assembling and judging depend on their arguments alone; a call with equal arguments is answered with a copy of what it
returned before. What was learned can be carried into another process.
"""

import hashlib
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from emission_factors import Factors
from mrv.drill import scenes
from mrv.pipeline import deposit, nightly, plant_batch
from mrv.storage.lake import Lake

PURE: tuple[tuple[ModuleType, str], ...] = (
    (scenes, "table_file"),
    (deposit, "read_file"),
    (deposit, "assemble"),
    (deposit, "judge"),
    (plant_batch, "read_file"),
    (plant_batch, "assemble"),
    (plant_batch, "judge"),
    (plant_batch, "annual_rows"),
    (nightly, "deadline_findings"),
)


class Memory:
    """Answers by call. `learned` : fingerprint of the call → pickled answer; `new` : those that this very process learned."""

    def __init__(self) -> None:
        self.learned: dict[str, bytes] = {}
        self.new: dict[str, bytes] = {}

    def _answer(self, key: str, call: Callable[[], Any]) -> Any:
        if key not in self.learned:
            self.learned[key] = self.new[key] = pickle.dumps(call(), pickle.HIGHEST_PROTOCOL)
        return pickle.loads(self.learned[key])

    def install(self) -> None:
        """Puts itself before the pure steps of the pipeline in this process."""
        for module, name in PURE:
            setattr(module, name, self._remembering(name, getattr(module, name)))

        for method in ("read", "_load"):
            setattr(Lake, method, self._reading(method, getattr(Lake, method)))

    def _reading(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Reading the lake depends on the bytes of the files read, and on nothing else."""

        def act(lake: Lake, table: Any, *arguments: Any, **options: Any) -> Any:
            named = table if isinstance(table, str) else table.name
            paths = lake.files(named)
            contents = {path.relative_to(lake.root).as_posix(): path.read_bytes() for path in paths if path.exists()}
            told = [
                [str(path.relative_to(lake.root)) for path in part] if _are_paths(part) else part for part in arguments
            ]
            key = fingerprint((name, named, told, options, contents))
            return self._answer(key, partial(call, lake, table, *arguments, **options))

        return act

    def _remembering(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def act(*arguments: Any, **options: Any) -> Any:
            key = fingerprint((name, arguments, options))
            return self._answer(key, partial(call, *arguments, **options))

        return act


def _are_paths(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, Path) for entry in value)


def fingerprint(value: Any) -> str:
    """SHA-256 over everything a value holds. TypeError for a value of a kind it does not know."""
    digest = hashlib.sha256()
    _feed(digest, value)
    return digest.hexdigest()


def _feed(digest: Any, value: Any) -> None:
    digest.update(type(value).__name__.encode() + b"\x00")
    if isinstance(value, bytes):
        digest.update(hashlib.sha256(value).digest())
    elif isinstance(value, pd.DataFrame | pd.Series):
        frame = value.to_frame() if isinstance(value, pd.Series) else value
        head = (list(frame.columns), [str(kind) for kind in frame.dtypes], frame.index.tolist())
        digest.update(repr((head, [frame[name].tolist() for name in frame.columns])).encode("utf-8", "surrogatepass"))
    elif isinstance(value, dict):
        for key, inner in value.items():
            _feed(digest, key)
            _feed(digest, inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in sorted(value) if isinstance(value, set | frozenset) else value:
            _feed(digest, inner)
    elif isinstance(value, Factors):
        digest.update(b"factors")  # drills import none, so there is one set of tables
    elif is_dataclass(value) and not isinstance(value, type):
        for entry in fields(value):
            _feed(digest, getattr(value, entry.name))
    elif hasattr(value, "__dict__") and type(value).__module__.startswith("mrv."):
        raise TypeError(f"cannot tell two of {type(value).__name__} apart")
    else:
        digest.update(repr(value).encode("utf-8", "surrogatepass"))
    digest.update(b"\x01")
